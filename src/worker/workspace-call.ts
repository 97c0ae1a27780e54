/**
 * Answers a call of a per-rollout tool in a workspace: the item's repository, and what the rollout has changed before. Never
 * stores what the call changes, and never touches the ledger; never throws.
 */
import type { Environment, RolloutTool } from "../environments/environment.ts";
import { type KeptFiles, RolloutFiles } from "../environments/workspace/files.ts";
import type { UpperNode } from "../environments/workspace/node.ts";
import type { Workspace } from "../environments/workspace/workspace.ts";
import { answerCall, type CallResult } from "./answer-call.ts";
import type { Bindings } from "./bindings.ts";
import type { CallArguments } from "./call-arguments.ts";
import { openRepository } from "./repositories.ts";

/** What a call has changed of its rollout's files, for whoever keeps them. */
export type FileChanges = Map<string, UpperNode | undefined>;

export interface WorkspaceCall {
  environment: Environment;
  tool: RolloutTool;
  args: CallArguments;
  workspace: Workspace;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

/**
 * All that it waits for is reads of the repository, each of which has its time limit.
 * @param kept reads what earlier calls have changed, when the repository is there
 */
export async function answerInWorkspace(
  { environment, tool, args, workspace, receivedAt }: WorkspaceCall,
  kept: () => KeptFiles,
  { BUCKET }: Pick<Bindings, "BUCKET">,
): Promise<{ result: CallResult; changes: FileChanges }> {
  let changes: FileChanges = new Map();
  const result = await answerCall(environment, tool, args, async (_, checked) => {
    const repository = await openRepository(BUCKET, workspace.repository, workspace.commit);
    const files = new RolloutFiles(repository, kept(), { now: receivedAt, pause });
    const answered = await tool.run(checked, { files });
    files.throwFault();
    if (answered.outcome === "ok") changes = files.changes();
    return answered;
  });
  return { result, changes };
}

/** The next turn of the event loop, after those of the isolate's other calls that are ready. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
