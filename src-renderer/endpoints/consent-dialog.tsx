// Asks before the first page leaves this machine for a server. Without a yes nothing is sent.
import { allowEndpoint, useEndpoints } from '../stores/endpoints-store.ts';
import { sendQuestion } from '../stores/conversation-actions.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export default function ConsentDialog() {
  const answerer = useAnswerer();
  const endpoint = useEndpoints((state) => state.endpoints?.find((one) => answerer.kind === 'endpoint' && one.id === answerer.endpointId));
  if (!endpoint) return null;
  const allow = async (): Promise<void> => {
    if (!(await allowEndpoint(endpoint.id, true))) return;
    closeDialog();
    await sendQuestion();
  };
  return (
    <Dialog
      title="Send pages to another computer?"
      size="small"
      onClose={closeDialog}
      actions={
        <>
          <Button data-start onClick={closeDialog}>Do not send</Button>
          <Button kind="primary" onClick={() => void allow()}>Send and remember</Button>
        </>
      }
    >
      <p className="text-body">The pages of this conversation will leave this computer for <strong className="font-semibold break-all">{new URL(endpoint.baseUrl).host}</strong>, which answers as “{endpoint.name}”.</p>
      <p className="mt-2 text-small text-muted">Who runs that server can see them. The answer is remembered for this server and can be taken back under Servers.</p>
    </Dialog>
  );
}
