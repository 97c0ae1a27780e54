/** An error that is the user's to mend: shown as one message, without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** The user ended it: what was not done by then was not wanted. */
export class Interrupted extends UserError {}

/** What the operating system refused, as a file that may not be written: its message says what and where. */
export const isSystemError = (error: unknown) => error instanceof Error && "syscall" in error;

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
