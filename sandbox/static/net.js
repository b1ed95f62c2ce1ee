// Talks to the sandbox: calls, and the one stream of events that keeps every chat live.

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = new Error(result.description || `HTTP ${answer.status}`);
    error.status = answer.status;
    throw error;
  }
  return result;
}

export const users = () => call("/sandbox/users");
export const addUser = (facts) => call("/sandbox/users", facts);
export const screen = (id) => call(`/sandbox/users/${id}/screen`);
export const say = (id, message) => call(`/sandbox/users/${id}/messages`, message);
export const tap = (id, messageId, data) => call(`/sandbox/users/${id}/taps`, { message_id: messageId, data });
export const block = (id, on) => call(`/sandbox/users/${id}/${on ? "block" : "unblock"}`, {});
export const invoice = (id, what) => call(`/sandbox/users/${id}/invoice?${new URLSearchParams(what)}`);
export const pay = (id, what) => call(`/sandbox/users/${id}/pay`, what);
export const stars = (id) => call(`/sandbox/users/${id}/stars`);
export const changeStars = (id, charge, deed) => call(`/sandbox/users/${id}/stars`, { charge_id: charge, do: deed });
export const fileUrl = (fileId) => `/sandbox/files/${encodeURIComponent(fileId)}`;

// `onEvent` gets every event; "hello" comes first after each (re)connection. `onLost` when it breaks.
export function listen(onEvent, onLost) {
  let source = null;
  const open = () => {
    source = new EventSource("/sandbox/events");
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      onLost();
      // A browser gives up for good when the answer was an error; then try again by hand.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 1000);
    };
  };
  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
}
