/** How the explorer asks: a POST for an answer, an event stream for answers that go on. */

const endpoint = new URL("../graphql", document.baseURI);

const post = (body, headers, accept, signal) => fetch(endpoint, {
  method: "POST",
  headers: { ...headers, "content-type": "application/json", accept },
  body: JSON.stringify(body),
  signal,
});

/** The one response to a query or a mutation. */
export const asked = async (body, headers) =>
  (await post(body, headers, "application/graphql-response+json, application/json")).json();

/** The responses to a subscription, for as long as somebody takes them (graphql-sse, distinct connections). */
export async function* streamed(body, headers) {
  const ending = new AbortController();
  try {
    const answer = await post(body, headers, "text/event-stream", ending.signal);
    if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) {
      yield answer.json();
      return;
    }
    for await (const { event, data } of events(answer.body)) {
      if (event === "complete") return;
      if (event === "next") yield JSON.parse(data);
    }
  } finally {
    ending.abort();
  }
}

/** The events of a stream; the beats between them are left out (HTML, 9.2.6). */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    yield* blocks.map(fields).filter((one) => one.event);
  }
}

const fields = (block) => Object.fromEntries(block.split("\n").map((line) => {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon), line.slice(colon + 2)];
}));
