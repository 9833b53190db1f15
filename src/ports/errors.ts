/** A port failed for reasons outside. `retry`: whether the same call may work later. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly port: string
  readonly operation: string
  readonly retry: boolean
  constructor(port: string, operation: string, options: { message: string; retry: boolean; cause?: unknown }) {
    super(`${port}.${operation}: ${options.message}`, { cause: options.cause })
    this.port = port
    this.operation = operation
    this.retry = options.retry
  }
}
