/** A container reads the token of its service account, and what else its volumes hold. */
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { newApi, type Json } from "#test/support/api.ts";

const api = await newApi();
const v1 = "/api/v1/namespaces/default";
const mount = "/var/run/secrets/kubernetes.io/serviceaccount";
const create = async (path: string, object: Json): Promise<Json> => {
  const { code, body } = await api.request("POST", path, object);
  expect(code, JSON.stringify(body)).toBe(201);
  return body;
};
/** Runs a script in a Pod to its end; what it wrote. */
async function output(name: string, script: string, spec: Json = {}): Promise<readonly string[]> {
  const container = { name: "main", image: "busybox", command: ["sh", "-c", script] };
  const { volumeMounts, ...rest } = spec;
  await create(`${v1}/pods`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      containers: [{ ...container, ...(volumeMounts === undefined ? {} : { volumeMounts }) }],
      ...rest,
    },
  });
  await api.advance("2m");
  expect((await api.get(`${v1}/pods/${name}`)).status.phase).toBe("Succeeded");
  const { body } = await api.request("GET", `${v1}/pods/${name}/log`);
  // Each text is a line of the log; `echo` ends it.
  return (body as string).split("\n").filter((line) => line !== "");
}

test("the token is the account's, bound to the Pod, and serves", async () => {
  const [namespace, token = ""] = await output(
    "reader",
    `cat ${mount}/namespace; echo; cat ${mount}/token; echo`,
  );
  expect(namespace).toBe("default");
  const { metadata, spec } = await api.get(`${v1}/pods/reader`);
  expect((decodeJwt(token) as Json)["kubernetes.io"]).toMatchObject({
    namespace: "default",
    pod: { name: "reader", uid: metadata.uid },
    node: { name: spec.nodeName },
    serviceaccount: { name: "default" },
  });
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await api.request(
    "POST",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    {},
    headers,
  );
  expect(body.status.userInfo).toMatchObject({
    username: "system:serviceaccount:default:default",
    extra: { "authentication.kubernetes.io/pod-name": ["reader"] },
  });
  await api.request("DELETE", `${v1}/pods/reader?gracePeriodSeconds=0`);
  expect((await api.request("GET", "/version", undefined, headers)).code).toBe(401);
});

test("the events are those of any Pod: waiting for a signature says nothing twice", async () => {
  await output("quiet", `cat ${mount}/token`);
  const { items } = await api.get(`${v1}/events?fieldSelector=involvedObject.name%3Dquiet`);
  const told = items.map(({ reason, count }: Json) => `${reason} ${count ?? 1}`);
  expect(told.filter((one: string) => !one.startsWith("Pulling")).toSorted()).toEqual([
    "Created 1",
    "Pulled 1",
    "Scheduled 1",
    "Started 1",
  ]);
});

test("ConfigMaps, Secrets and the Pod's own fields are files", async () => {
  await create(`${v1}/configmaps`, { metadata: { name: "conf" }, data: { a: "one", b: "two" } });
  await create(`${v1}/secrets`, { metadata: { name: "hush" }, stringData: { key: "secret" } });
  const lines = await output(
    "files",
    "cat /etc/conf/a; echo; cat /etc/conf/b; echo; cat /etc/hush/deep/key; echo; cat /etc/pod/labels; echo",
    {
      volumeMounts: [
        { name: "conf", mountPath: "/etc/conf" },
        { name: "hush", mountPath: "/etc/hush" },
        { name: "pod", mountPath: "/etc/pod/labels", subPath: "name" },
      ],
      volumes: [
        { name: "conf", configMap: { name: "conf" } },
        { name: "hush", secret: { secretName: "hush", items: [{ key: "key", path: "deep/key" }] } },
        {
          name: "pod",
          downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] },
        },
      ],
    },
  );
  expect(lines).toEqual(["one", "two", "secret", "files"]);
});
