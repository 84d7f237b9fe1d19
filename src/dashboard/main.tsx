// The page's entry.

import './page/tokens.css'
import './page/base.css'
import './page/button.css'
import { render } from 'preact'
import { App } from './app.tsx'

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
