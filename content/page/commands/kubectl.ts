/** The kubectl commands that the lessons name, over the same requests as kubectl's own. */
import { parseAllDocuments, stringify } from "yaml";
import { type Calls, flagsOf, KubeError } from "./call.ts";
import { type Resource, resourceNamed, resourceOfKind, shown, urlOf } from "./resources.ts";
import { type Table, tableText } from "./table.ts";

interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
  };
  readonly [field: string]: unknown;
}
interface Asked {
  readonly calls: Calls;
  readonly flags: Map<string, string>;
  /** Words after the verb. */
  readonly rest: readonly string[];
  readonly namespace: string;
  readonly headers: Record<string, string>;
  readonly server: string;
  /** `?dryRun=All` or nothing. */
  readonly query: string;
  readonly suffix: string;
}
type Verb = (asked: Asked) => Promise<string>;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const tableType = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

function target(rest: readonly string[]): { resource: Resource; name: string } {
  const [first = "", second = ""] = rest;
  const [type = "", slashed] = first.split("/");
  return { resource: resourceNamed(type), name: slashed ?? second };
}

async function send(
  asked: Asked,
  path: string,
  method: string,
  body: unknown,
  type = "application/json",
): Promise<KubeObject> {
  const headers = { ...asked.headers, "content-type": type };
  return asked.calls.kube<KubeObject>(
    `${path}${asked.query}`,
    { method, headers, body: JSON.stringify(body) },
    asked.server,
  );
}

const get: Verb = async ({ calls, flags, rest, namespace, headers, server }) => {
  const { resource, name } = target(rest);
  const all = flags.has("-A") || flags.has("--all-namespaces");
  const path = urlOf(resource, all ? "" : namespace, name);
  const output = flags.get("-o") ?? flags.get("--output") ?? "";
  const selector = flags.get("-l") ?? flags.get("--selector");
  const query = selector === undefined ? "" : `?labelSelector=${encodeURIComponent(selector)}`;
  if (output === "yaml" || output === "json") {
    const object = await calls.kube(`${path}${query}`, { headers }, server);
    return output === "json" ? JSON.stringify(object, undefined, 4) : stringify(object).trimEnd();
  }
  const table = await calls.kube<Table>(
    `${path}${query}`,
    { headers: { ...headers, accept: tableType } },
    server,
  );
  if ((table.rows ?? []).length === 0) {
    return resource.namespaced && !all
      ? `No resources found in ${namespace} namespace.`
      : "No resources found";
  }
  return tableText(table, { wide: output === "wide", namespaces: all && resource.namespaced });
};

/** Not kubectl's summary: the page shows the object itself, and says so. */
const describe: Verb = async ({ calls, rest, namespace, headers, server }) => {
  const { resource, name } = target(rest);
  const object = await calls.kube<KubeObject>(
    urlOf(resource, namespace, name),
    { headers },
    server,
  );
  const { metadata, spec, status } = object;
  const kept = { name: metadata.name, labels: metadata["labels" as never], annotations: undefined };
  const said = stringify(
    { metadata: { ...kept, annotations: undefined }, spec, status },
    { keepUndefined: false },
  ).trimEnd();
  return `# the object itself; kubectl describe in a shell sums it up\n${said}`;
};

async function manifests(calls: Calls, flags: Map<string, string>): Promise<KubeObject[]> {
  const name = flags.get("-f") ?? flags.get("--filename");
  if (name === undefined) throw new Error("error: must specify one of -f and -k");
  const text = await calls.world.file(name.split("/").at(-1) ?? name);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject)
    .filter((object) => object !== null);
}

const withLastApplied = (object: KubeObject): KubeObject => {
  const bare = {
    ...object,
    metadata: {
      annotations: {},
      ...object.metadata,
      namespace: object.metadata.namespace ?? "default",
    },
  };
  const annotations = {
    ...object.metadata.annotations,
    [lastApplied]: `${JSON.stringify(bare)}\n`,
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
};

const apply: Verb = async (asked) => {
  const lines: string[] = [];
  for (const object of await manifests(asked.calls, asked.flags)) {
    const resource = resourceOfKind(object.apiVersion, object.kind);
    const namespace = object.metadata.namespace ?? asked.namespace;
    const path = urlOf(resource, namespace, object.metadata.name);
    const wanted = withLastApplied(object);
    let before: KubeObject | undefined;
    try {
      before = await asked.calls.kube<KubeObject>(path, { headers: asked.headers }, asked.server);
    } catch (error) {
      if (!(error instanceof KubeError) || error.code !== 404) throw error;
    }
    let did = "created";
    if (before === undefined) await send(asked, urlOf(resource, namespace), "POST", wanted);
    else {
      const after = await send(
        asked,
        path,
        "PATCH",
        wanted,
        "application/strategic-merge-patch+json",
      );
      did =
        after.metadata.resourceVersion === before.metadata.resourceVersion
          ? "unchanged"
          : "configured";
    }
    lines.push(`${shown(resource, object.metadata.name)} ${did}${asked.suffix}`);
  }
  return lines.join("\n");
};

const create: Verb = async (asked) => {
  if (asked.flags.has("-f") || asked.flags.has("--filename")) {
    const lines: string[] = [];
    for (const object of await manifests(asked.calls, asked.flags)) {
      const resource = resourceOfKind(object.apiVersion, object.kind);
      await send(
        asked,
        urlOf(resource, object.metadata.namespace ?? asked.namespace),
        "POST",
        object,
      );
      lines.push(`${shown(resource, object.metadata.name)} created${asked.suffix}`);
    }
    return lines.join("\n");
  }
  const { resource, name } = target(asked.rest);
  const spec =
    resource.plural === "deployments"
      ? {
          replicas: Number(asked.flags.get("--replicas") ?? 1),
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { containers: [{ name: "nginx", image: asked.flags.get("--image") ?? "nginx" }] },
          },
        }
      : undefined;
  const apiVersion = resource.base.replace(/^apis?\//, "");
  await send(asked, urlOf(resource, asked.namespace), "POST", {
    apiVersion,
    kind: resource.kind,
    metadata: { name },
    ...(spec && { spec }),
  });
  return `${shown(resource, name)} created${asked.suffix}`;
};

const remove: Verb = async (asked) => {
  const named =
    asked.flags.has("-f") || asked.flags.has("--filename")
      ? (await manifests(asked.calls, asked.flags)).map((object) => ({
          resource: resourceOfKind(object.apiVersion, object.kind),
          name: object.metadata.name,
        }))
      : [target(asked.rest)];
  for (const { resource, name } of named)
    await send(asked, urlOf(resource, asked.namespace, name), "DELETE", {
      propagationPolicy: "Background",
    });
  const place = (resource: Resource): string =>
    resource.namespaced ? ` from ${asked.namespace} namespace` : "";
  return named
    .map(
      ({ resource, name }) =>
        `${shown(resource, name).replace("/", ' "')}" deleted${place(resource)}${asked.suffix}`,
    )
    .join("\n");
};

const scale: Verb = async (asked) => {
  const { resource, name } = target(asked.rest);
  const replicas = Number(asked.flags.get("--replicas"));
  await send(
    asked,
    `${urlOf(resource, asked.namespace, name)}/scale`,
    "PATCH",
    { spec: { replicas } },
    "application/merge-patch+json",
  );
  return `${shown(resource, name)} scaled${asked.suffix}`;
};

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

const taint: Verb = async (asked) => {
  const { resource, name } = target(asked.rest);
  const [wish = ""] = asked.rest.slice(asked.rest[0]?.includes("/") ? 1 : 2);
  const away = wish.endsWith("-");
  const [, key = "", , value, effect = ""] =
    /^([^=:]+)(=([^:]*))?:?([A-Za-z]*)-?$/.exec(wish) ?? [];
  const node = await asked.calls.kube<KubeObject>(
    urlOf(resource, "", name),
    { headers: asked.headers },
    asked.server,
  );
  const { taints = [] } = (node["spec"] ?? {}) as { taints?: readonly Taint[] };
  const others = taints.filter(
    (one) => one.key !== key || (effect !== "" && one.effect !== effect),
  );
  const next = away
    ? others
    : [...others, { key, ...(value === undefined ? {} : { value }), effect }];
  await send(
    asked,
    urlOf(resource, "", name),
    "PATCH",
    { spec: { taints: next.length === 0 ? null : next } },
    "application/merge-patch+json",
  );
  return `node/${name} ${away ? "untainted" : "tainted"}`;
};

const labelled: Verb = async (asked) => {
  const { resource, name } = target(asked.rest);
  const wishes = asked.rest.slice(asked.rest[0]?.includes("/") ? 1 : 2);
  const labels = Object.fromEntries(
    wishes.map((wish) => (wish.endsWith("-") ? [wish.slice(0, -1), null] : wish.split("="))),
  );
  await send(
    asked,
    urlOf(resource, asked.namespace, name),
    "PATCH",
    { metadata: { labels } },
    "application/merge-patch+json",
  );
  return `${shown(resource, name)} labeled`;
};

const logs: Verb = async ({ calls, flags, rest, namespace }) => {
  const name = (rest[0] ?? "").replace(/^pods?\//, "");
  const previous = flags.has("--previous") || flags.has("-p") ? "?previous=true" : "";
  const { code, text } = await calls.send(
    `${calls.world.base}/api/v1/namespaces/${namespace}/pods/${name}/log${previous}`,
  );
  if (code >= 400) {
    const { reason = "", message = text } = JSON.parse(text) as {
      reason?: string;
      message?: string;
    };
    throw new KubeError(code, reason, message);
  }
  return text.trimEnd();
};

const rollout: Verb = async ({ calls, rest, namespace }) => {
  const { resource, name } = target(rest.slice(1));
  const object = await calls.kube<KubeObject>(urlOf(resource, namespace, name));
  const { updatedReplicas = 0, availableReplicas = 0 } = (object["status"] ?? {}) as Record<
    string,
    number
  >;
  const { replicas = 1 } = (object["spec"] ?? {}) as Record<string, number>;
  if (updatedReplicas >= replicas && availableReplicas >= replicas)
    return `deployment "${name}" successfully rolled out`;
  return `Waiting for deployment "${name}" rollout to finish: ${availableReplicas} of ${replicas} updated replicas are available...`;
};

const verbs: Readonly<Record<string, Verb>> = {
  get,
  describe,
  apply,
  create,
  delete: remove,
  scale,
  taint,
  label: labelled,
  logs,
  rollout,
};
const bareFlags = ["-A", "--all-namespaces", "--previous", "-p", "--overwrite", "-w", "--watch"];

/** `words` without `kubectl`. */
export async function kubectl(words: readonly string[], calls: Calls): Promise<string> {
  const { flags, rest } = flagsOf(words, bareFlags);
  const [name = "", ...others] = rest;
  const verb = verbs[name];
  if (verb === undefined)
    throw new Error(
      `the page has no kubectl ${name} yet; it knows ${Object.keys(verbs).join(", ")}`,
    );
  const as = flags.get("--as");
  const dry = flags.get("--dry-run");
  return verb({
    calls,
    flags,
    rest: others,
    namespace: flags.get("-n") ?? flags.get("--namespace") ?? "default",
    headers: as === undefined ? {} : { "impersonate-user": as },
    server: flags.get("--server") ?? calls.world.base,
    query: dry === "server" ? "?dryRun=All" : "",
    suffix: dry === "server" ? " (server dry run)" : "",
  });
}
