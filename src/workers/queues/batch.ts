// What a consumer needs of the runtime's batch. Narrow, so that another queue can stand in its place.

export interface QueueMessage {
  readonly id: string
  readonly body: unknown
  /** Deliveries of this message, this one included. */
  readonly attempts: number
  ack(): void
  retry(options?: { readonly delaySeconds?: number }): void
}

export interface QueueBatch {
  readonly messages: readonly QueueMessage[]
  ackAll(): void
}
