import { useApproval } from '@ws/react';

export function ApprovalCard({ runId }: { readonly runId: string }) {
  const { approval, approve, refuse, isPending } = useApproval(runId);
  if (approval === undefined) return null;
  return (
    <section aria-label="Approval">
      May it run {approval.tool_name}?
      <button disabled={isPending} onClick={() => void approve()}>
        Allow
      </button>
      <button disabled={isPending} onClick={() => void refuse()}>
        Refuse
      </button>
    </section>
  );
}
