/** What a container sees: variables, arguments and files, as the conformance list of Kubernetes asks for it. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";
import { wire, type Wire } from "#test/support/wire.ts";

const space = "/api/v1/namespaces/default";
type Json = Readonly<Record<string, unknown>>;

describe("inside", () => {
  let k: Session;
  let w: Wire;
  beforeAll(async () => {
    const cluster = await newCluster({ workers: 1 });
    k = session(cluster);
    w = wire(cluster);
    await eventually(
      "the account is there",
      async () => (await w.get(`${space}/serviceaccounts/default`)).code === 200,
    );
    await w.post(`${space}/configmaps`, {
      metadata: { name: "set" },
      data: { one: "1", two: "2" },
      binaryData: { raw: "AAH/" },
    });
    await w.post(`${space}/secrets`, { metadata: { name: "sec" }, stringData: { key: "hidden" } });
  });
  /** A Pod that runs a script once; its log, line by line. */
  async function log(
    name: string,
    script: string,
    container: Json = {},
    pod: Json = {},
    metadata: Json = {},
  ): Promise<readonly string[]> {
    const { code, body } = await w.post(`${space}/pods`, {
      metadata: { name, ...metadata },
      spec: {
        restartPolicy: "Never",
        containers: [
          { name: "c", image: "busybox:1.36", command: ["sh", "-c", script], ...container },
        ],
        ...pod,
      },
    });
    expect({ code, body }).toMatchObject({ code: 201 });
    await eventually(
      `${name} ends`,
      async () =>
        /"phase":"(Succeeded|Failed)"/.test(
          JSON.stringify((await w.get(`${space}/pods/${name}`)).body),
        ),
      10_000,
    );
    const { text } = await w.text(`${space}/pods/${name}/log?container=c`);
    return text.trimEnd().split("\n");
  }
  test("variables from ConfigMaps and Secrets: one by one, all, with prefixes", async () => {
    const from = (kind: string, name: string, key: string): Json => ({
      [`${kind}KeyRef`]: { name, key },
    });
    expect(
      await log("env", "echo $A $B $one $two $p_one $p_two $s_key $key", {
        env: [
          { name: "A", valueFrom: from("configMap", "set", "one") },
          { name: "B", valueFrom: from("secret", "sec", "key") },
        ],
        envFrom: [
          { configMapRef: { name: "set" } },
          { prefix: "p_", configMapRef: { name: "set" } },
          { prefix: "s_", secretRef: { name: "sec" } },
          { secretRef: { name: "sec" } },
        ],
      }),
    ).toEqual(["1 hidden 1 2 1 2 hidden hidden"]);
  });
  test("variables of the Pod's own: name, namespace, addresses, uid, resources and their defaults", async () => {
    const field = (name: string, fieldPath: string): Json => ({
      name,
      valueFrom: { fieldRef: { fieldPath } },
    });
    const resource = (name: string, of: string): Json => ({
      name,
      valueFrom: { resourceFieldRef: { resource: of } },
    });
    const env = [
      field("N", "metadata.name"),
      field("S", "metadata.namespace"),
      field("I", "status.podIP"),
      field("H", "status.hostIP"),
      field("HS", "status.hostIPs"),
      field("U", "metadata.uid"),
    ];
    const [line = ""] = await log("own", "echo $N $S $I $H $HS $U", { env });
    expect(line).toMatch(
      /^own default 10\.244\.\d+\.\d+ 172\.18\.0\.\d+ 172\.18\.0\.\d+ [0-9a-f-]{36}$/,
    );
    const limits = [
      resource("LC", "limits.cpu"),
      resource("LM", "limits.memory"),
      resource("RC", "requests.cpu"),
      resource("RM", "requests.memory"),
    ];
    expect(
      await log("limited", "echo $LC $LM $RC $RM", {
        env: limits,
        resources: {
          requests: { cpu: "250m", memory: "32Mi" },
          limits: { cpu: "1250m", memory: "64Mi" },
        },
      }),
    ).toEqual(["2 67108864 1 33554432"]);
    const [free = ""] = await log("unlimited", "echo $LC $LM", { env: limits });
    expect(free).toMatch(/^[1-9]\d* [1-9]\d{8,}$/);
  });
  test("variables are put together, into commands and arguments too", async () => {
    const env = [
      { name: "A", value: "a" },
      { name: "B", value: "$(A)-b" },
      { name: "C", value: "$$(A)" },
    ];
    expect(
      await log("expand", "", { env, command: ["sh", "-c", "echo $(B) '$(C)' '$(NONE)'"] }),
    ).toEqual(["a-b $(A) $(NONE)"]);
    expect(await log("args", "", { env, command: ["echo"], args: ["$(B)", "end"] })).toEqual([
      "a-b end",
    ]);
  });
  test("the image's command and arguments, and others instead", async () => {
    expect(await log("command", "", { command: ["echo", "command"] })).toEqual(["command"]);
    expect(await log("arguments", "", { command: undefined, args: ["echo", "argument"] })).toEqual([
      "argument",
    ]);
    await k.ok`run plain --image=nginx:1.27`;
    await k.ok`wait pod plain --for=condition=Ready --timeout=20s`;
  });
  test("files of ConfigMaps and Secrets: all, chosen, several times, and what is optional", async () => {
    const volumes = [
      { name: "all", configMap: { name: "set" } },
      {
        name: "some",
        configMap: {
          name: "set",
          defaultMode: 0o400,
          items: [{ key: "two", path: "deep/zwei", mode: 0o440 }],
        },
      },
      { name: "secret", secret: { secretName: "sec", defaultMode: 0o400 } },
      { name: "none", configMap: { name: "absent", optional: true } },
    ];
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));
    expect(
      await log(
        "files",
        "echo $(cat /all/one /again/one /some/deep/zwei /secret/key); ls /none; ls /all",
        {
          volumeMounts: [...volumeMounts, { name: "all", mountPath: "/again" }],
        },
        { volumes },
      ),
    ).toEqual(["112hidden", "one", "raw", "two"]);
  });
  test("one volume projects ConfigMaps, Secrets and the Pod's own fields", async () => {
    const sources = [
      { configMap: { name: "set", items: [{ key: "one", path: "map/one" }] } },
      { secret: { name: "sec" } },
      {
        downwardAPI: {
          items: [
            { path: "name", fieldRef: { fieldPath: "metadata.name" } },
            { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
            { path: "cpu", resourceFieldRef: { containerName: "c", resource: "limits.cpu" } },
            {
              path: "memory",
              resourceFieldRef: { containerName: "c", resource: "requests.memory", divisor: "1Mi" },
            },
          ],
        },
      },
    ];
    expect(
      await log(
        "projected",
        "cd /p; echo $(cat map/one key name); echo $(cat labels); cat cpu memory",
        {
          volumeMounts: [{ name: "p", mountPath: "/p" }],
          resources: { requests: { memory: "16Mi" }, limits: { cpu: "2", memory: "16Mi" } },
        },
        { volumes: [{ name: "p", projected: { sources } }] },
        { labels: { a: "b" } },
      ),
    ).toEqual(["1hiddenprojected", 'a="b"', "216"]);
  });
  test("what changes in a ConfigMap, a Secret, a label shows in the files", async () => {
    await w.post(`${space}/configmaps`, { metadata: { name: "live" }, data: { v: "old" } });
    await w.post(`${space}/pods`, {
      metadata: { name: "live", labels: { v: "old" } },
      spec: {
        containers: [
          {
            name: "c",
            image: "nginx:1.27",
            volumeMounts: [
              { name: "m", mountPath: "/m" },
              { name: "d", mountPath: "/d" },
            ],
          },
        ],
        volumes: [
          { name: "m", configMap: { name: "live" } },
          {
            name: "d",
            downwardAPI: { items: [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }] },
          },
        ],
      },
    });
    await k.ok`wait pod live --for=condition=Ready --timeout=20s`;
    expect(await k.ok`exec live -- cat /m/v /d/l`).toBe('oldv="old"');
    await w.patch(`${space}/configmaps/live`, { data: { v: "new" } });
    await w.patch(`${space}/pods/live`, { metadata: { labels: { v: "new" } } });
    await eventually(
      "both are new",
      async () => (await k.ok`exec live -- cat /m/v /d/l`) === 'newv="new"',
      20_000,
    );
  });
  test("an emptyDir is shared by the containers of a Pod", async () => {
    const volumeMounts = [{ name: "e", mountPath: "/e" }];
    expect(
      await log(
        "shared",
        "cat /e/from",
        { volumeMounts },
        {
          volumes: [{ name: "e", emptyDir: {} }],
          initContainers: [
            {
              name: "i",
              image: "busybox:1.36",
              command: ["sh", "-c", "echo first > /e/from"],
              volumeMounts,
            },
          ],
        },
      ),
    ).toEqual(["first"]);
  });
  test("names of hosts of one's own, and sysctls that no node has", async () => {
    const lines = await log(
      "hosts",
      "cat /etc/hosts",
      {},
      { hostAliases: [{ ip: "123.45.67.89", hostnames: ["foo", "bar"] }] },
    );
    expect(lines.join("\n")).toContain("# Entries added by HostAliases.\n123.45.67.89\tfoo\tbar");
    expect(
      await w.post(`${space}/pods`, {
        metadata: { name: "sysctl" },
        spec: {
          containers: [{ name: "c", image: "busybox:1.36" }],
          securityContext: { sysctls: [{ name: "foo-", value: "1" }] },
        },
      }),
    ).toMatchObject({ code: 422 });
  });
  test("a subpath of a volume, and one that leads outside", async () => {
    const volumes = [{ name: "m", configMap: { name: "set" } }];
    const mounted = (subPath: string): Json => ({
      volumeMounts: [{ name: "m", mountPath: "/file", subPath }],
    });
    expect(await log("sub", "cat /file", mounted("one"), { volumes })).toEqual(["1"]);
    const container = { name: "c", image: "busybox:1.36", ...mounted("../up") };
    expect(
      await w.post(`${space}/pods`, {
        metadata: { name: "out" },
        spec: { containers: [container], volumes },
      }),
    ).toMatchObject({ code: 422 });
  });
});
