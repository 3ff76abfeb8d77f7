import { asked, streamed } from "./transport.js";
import { filled, known } from "./examples.js";

const page = document.getElementById("start");
const start = JSON.parse(page.textContent);
const bearer = `Bearer ${start.token ?? ""}`;

// The style elements that GraphiQL's menus bring with them carry the nonce of this answer.
globalThis.__webpack_nonce__ = page.dataset.nonce;

// The schema is public, but not every token may ask for it.
const schema = () => fetch(`graphiql/schema.json?v=${start.schema}`).then((answer) => answer.json());

const fetcher = ({ query, variables, operationName }, { headers } = {}) => {
  if (operationName === "IntrospectionQuery") return schema();
  const { kind, name } = chosen(query, operationName);
  const sent = { query, variables, operationName: name };
  return kind === "subscription" ? streamed(sent, headers) : asked(sent, headers);
};

// Just after another tab was opened GraphiQL still tells the name, and the parsed document, of the one before.
const chosen = (query, wanted) => {
  const found = [...query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w*)/gm)];
  const operations = found.map(([, kind, name]) => ({ kind, name: name || undefined }));
  return operations.find(({ name }) => name === wanted) ?? operations[0] ?? { kind: "query" };
};

// Kept as long as the browser's tab: a token does not outlive it, and the next demo begins with its own.
const storage = {
  getItem: (key) => sessionStorage.getItem(`${start.mark}:${key}`),
  setItem: (key, value) => sessionStorage.setItem(`${start.mark}:${key}`, value),
  removeItem: (key) => sessionStorage.removeItem(`${start.mark}:${key}`),
  clear: () => sessionStorage.clear(),
  get length() { return sessionStorage.length; },
};

const facts = await known(start, bearer);
const headers = JSON.stringify({ authorization: bearer }, null, 2);
const defaultTabs = start.operations.map(({ name, body }) => {
  const variables = filled(start.variables[name] ?? {}, facts);
  return { query: body, variables: JSON.stringify(variables, null, 2), headers };
});

const { createElement } = React;
const wordmark = createElement(
  GraphiQL.Logo, null,
  createElement("span", { className: "wordmark" }, "Parley ", createElement("small", null, start.version)),
);
ReactDOM.createRoot(document.getElementById("explorer")).render(
  createElement(
    GraphiQL,
    { fetcher, storage, defaultTabs, defaultHeaders: headers, shouldPersistHeaders: true,
      showPersistHeadersSettings: false, defaultEditorToolsVisibility: "variables", maxHistoryLength: 50 },
    wordmark,
  ),
);
