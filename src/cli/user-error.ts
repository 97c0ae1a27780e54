/** An error that is the user's to mend: shown as one message, without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
