// Signed in: the console. Else: the way in.

import './page/dialog.css'
import './parts/skeleton.css'
import { useErrorBoundary } from 'preact/hooks'
import { Console } from './page/console.tsx'
import { CrashNotice } from './page/crash-notice.tsx'
import { Announcer } from './parts/announcer.tsx'
import { SignIn } from './session/sign-in.tsx'
import { useSession } from './session/use-session.ts'

export function App() {
  const { key, notice, signIn, signOut } = useSession()
  const [error] = useErrorBoundary((error) => console.error('The page could not be drawn:', error))
  if (error !== undefined) return <CrashNotice error={error} />
  return (
    <>
      {key === null ? (
        <SignIn key={notice} notice={notice} onSignIn={signIn} />
      ) : (
        <Console key={key} apiKey={key} onSignOut={signOut} />
      )}
      <Announcer />
    </>
  )
}
