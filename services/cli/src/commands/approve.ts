import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { deploymentText } from '../output/deployment-text.js';
import { tellAnswer } from './tell-answer.js';

/** What `gantry approve` and `gantry reject` were told. */
export interface ApproveOptions {
  readonly plan?: string;
  readonly reason?: string;
}

/** Agrees to a plan, or does not. Nobody agrees to what they have not been shown: without its hash the plan is shown, and asked for. */
export async function approve(
  context: Context,
  decision: 'approve' | 'reject',
  id: string,
  { plan, reason }: ApproveOptions,
): Promise<ExitCode> {
  const { client, signal } = context;
  if (plan === undefined || reason === undefined) return showPlan(context, decision, id);
  const said = { planHash: plan, reason };
  const answer = await client.judgePlan(id, decision, said, { signal });
  const accepted =
    decision === 'approve'
      ? `Approved. It begins once it has every approval it needs: gantry watch ${id}`
      : 'Rejected. It ends refused, and nothing was changed.';
  return tellAnswer(context, answer, accepted);
}

async function showPlan(
  context: Context,
  decision: 'approve' | 'reject',
  id: string,
): Promise<ExitCode> {
  const view = await context.client.deployment(id);
  const { approval } = view;
  if (context.json) printJson(context, view);
  else say(context, deploymentText(context.terminal, view));
  if (approval === null || view.status !== 'awaiting-approval') {
    if (!context.json) say(context, `It is ${view.status}, and waits for nobody's approval.`);
    return EXIT.refused;
  }
  if (!context.json)
    say(
      context,
      `Nothing was said yet. To ${decision} this very plan:\n  gantry ${decision} ${id} --plan ${approval.planHash} --reason TEXT`,
    );
  return EXIT.invalid;
}
