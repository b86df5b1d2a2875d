/** Reading with kubectl: forms of output, selectors, templates, raw paths. Cf. upstream test/cmd/get.sh, template-output.sh. */
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";
import { kubectlMinors } from "#test/support/tools.ts";

describe.each(kubectlMinors)("get, kubectl 1.%s", (version) => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }), version);
    await k.ok`run valid-pod --image=nginx:1.27 --labels=name=valid-pod,tier=front`;
    await k.ok`run other --image=redis:7 --labels=tier=back`;
    await k.ok`wait --for=condition=Ready pod --all --timeout=30s`;
    await k.ok`create configmap settings --from-literal=a=1 --from-literal=b=two`;
  });

  test("a missing object is NotFound, with every output form", async () => {
    for (const form of [
      "name",
      "json",
      "yaml",
      "wide",
      "jsonpath={.kind}",
      "go-template={{.kind}}",
    ])
      expect(await k.refused`get pods abc -o ${form}`).toBe(
        'Error from server (NotFound): pods "abc" not found',
      );
    expect(await k.ok`get pods abc --ignore-not-found`).toBe("");
  });
  test("an empty namespace says so, and structured forms are empty lists", async () => {
    expect((await k.any`get pods -n kube-public`).stderr.trim()).toBe(
      "No resources found in kube-public namespace.",
    );
    expect(JSON.parse(await k.ok`get pods -n kube-public -o json`)).toMatchObject({
      kind: "List",
      items: [],
    });
    expect(await k.ok`get pods -n kube-public -o name`).toBe("");
  });
  test("an unknown resource is told from the discovery", async () => {
    expect(await k.refused`get nosuch`).toBe(
      'error: the server doesn\'t have a resource type "nosuch"',
    );
  });
  test("jsonpath, go-template, custom-columns and name agree", async () => {
    const names = ["other", "valid-pod"];
    expect((await k.ok`get pods -o jsonpath={.items[*].metadata.name}`).split(" ")).toEqual(names);
    expect(
      (
        await k.ok`get pods -o ${'go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}'}`
      ).split("\n"),
    ).toEqual(names);
    expect(
      (await k.ok`get pods --no-headers -o custom-columns=N:.metadata.name`).split("\n"),
    ).toEqual(names);
    expect((await k.ok`get pods -o name`).split("\n")).toEqual(names.map((name) => `pod/${name}`));
  });
  test("labels: -l, set-based, -L, --show-labels", async () => {
    expect(await k.ok`get pods -l tier=front -o name`).toBe("pod/valid-pod");
    expect(await k.ok`get pods -l ${"tier in (back,none)"} -o name`).toBe("pod/other");
    expect(await k.ok`get pods -l ${"!name"} -o name`).toBe("pod/other");
    expect(await k.ok`get pods -l tier!=back -o name`).toBe("pod/valid-pod");
    expect(await k.ok`get pods valid-pod -L tier --no-headers`).toMatch(/front$/);
    expect(await k.ok`get pods valid-pod --show-labels --no-headers`).toMatch(
      /name=valid-pod,tier=front$/,
    );
  });
  test("fields: --field-selector on what the kind offers, 400 on others", async () => {
    expect(await k.ok`get pods --field-selector metadata.name=other -o name`).toBe("pod/other");
    expect(
      (await k.ok`get pods --field-selector status.phase=Running -o name`).split("\n"),
    ).toHaveLength(2);
    expect(await k.ok`get pods --field-selector spec.nodeName!= -o name`).not.toBe("");
    expect(await k.refused`get pods --field-selector spec.foo=1`).toContain(
      "field label not supported: spec.foo",
    );
  });
  test("--sort-by, --chunk-size, several resources at once", async () => {
    expect(await k.ok`get pods --sort-by=.metadata.name -o name`).toBe("pod/other\npod/valid-pod");
    expect((await k.ok`get pods --chunk-size=1 -o name`).split("\n")).toHaveLength(2);
    expect((await k.ok`get pods,configmaps,svc -o name`).split("\n")).toEqual(
      expect.arrayContaining(["pod/other", "configmap/settings", "service/kubernetes"]),
    );
    expect(await k.ok`get pod/other cm/settings -o name`).toBe("pod/other\nconfigmap/settings");
  });
  test("-o wide has the columns kubectl users know", async () => {
    expect((await k.ok`get pods -o wide`).split("\n")[0]?.split(/\s{2,}/)).toEqual([
      "NAME",
      "READY",
      "STATUS",
      "RESTARTS",
      "AGE",
      "IP",
      "NODE",
      "NOMINATED NODE",
      "READINESS GATES",
    ]);
    expect((await k.ok`get nodes -o wide`).split("\n")[0]?.split(/\s{2,}/)).toEqual([
      "NAME",
      "STATUS",
      "ROLES",
      "AGE",
      "VERSION",
      "INTERNAL-IP",
      "EXTERNAL-IP",
      "OS-IMAGE",
      "KERNEL-VERSION",
      "CONTAINER-RUNTIME",
    ]);
    expect((await k.ok`get svc -o wide`).split("\n")[0]?.split(/\s{2,}/)).toEqual([
      "NAME",
      "TYPE",
      "CLUSTER-IP",
      "EXTERNAL-IP",
      "PORT(S)",
      "AGE",
      "SELECTOR",
    ]);
  });
  test("short names, singular names, group-qualified names", async () => {
    for (const name of ["po", "pod", "pods", "pods.v1."])
      expect(await k.ok`get ${name} other -o name`).toBe("pod/other");
    for (const name of ["deploy", "deployments.apps", "deployments.v1.apps"])
      expect(await k.ok`get ${name} -n kube-system coredns -o name`).toBe(
        "deployment.apps/coredns",
      );
  });
  test("yaml and json are the same object, without managed fields unless asked", async () => {
    const shown = JSON.parse(await k.ok`get cm settings -o json`) as {
      metadata: object;
      data: object;
    };
    expect(shown.data).toEqual({ a: "1", b: "two" });
    expect(shown.metadata).not.toHaveProperty("managedFields");
    expect(JSON.parse(await k.ok`get cm settings -o json --show-managed-fields`)).toMatchObject({
      metadata: {
        managedFields: [
          {
            manager: "kubectl-create",
            operation: "Update",
            apiVersion: "v1",
            fieldsType: "FieldsV1",
          },
        ],
      },
    });
  });
  test("--raw reaches the paths of operations", async () => {
    // Before 1.32 kubectl leaves the prefix of the server's address out of raw paths.
    const prefix = version === "31" ? new URL(k.cluster.url).pathname : "";
    const raw = (path: string): Promise<string> => k.ok`get --raw ${prefix}${path}`;
    expect(await raw("/healthz")).toBe("ok");
    expect(await raw("/livez")).toBe("ok");
    expect(await raw("/readyz?verbose")).toContain("[+]etcd ok");
    expect(JSON.parse(await raw("/version"))).toMatchObject({ major: "1", minor: "36" });
    expect(await raw("/metrics")).toContain("# TYPE apiserver_request_total counter");
    expect(JSON.parse(await raw("/api/v1/namespaces/default/pods/other"))).toMatchObject({
      kind: "Pod",
    });
    expect(JSON.parse(await raw("/openapi/v2"))).toMatchObject({ swagger: "2.0" });
    expect(JSON.parse(await raw("/.well-known/openid-configuration"))).toHaveProperty("jwks_uri");
    expect(JSON.parse(await raw("/openid/v1/jwks"))).toHaveProperty("keys");
  });
  test("watch prints what happens until it is stopped", async () => {
    const watching = k.started`get cm -w --no-headers`;
    await watching.until((text) => text.includes("settings"));
    await k.ok`create cm seen`;
    await k.ok`delete cm seen`;
    await watching.until((text) => (text.match(/^seen/gm) ?? []).length === 2);
    watching.stop();
  });
  test("cluster-info, version, api-versions, api-resources", async () => {
    expect(await k.ok`cluster-info`).toContain("Kubernetes control plane");
    expect(await k.ok`version -o json`).toContain('"gitVersion": "v1.36');
    expect((await k.ok`api-versions`).split("\n")).toEqual(
      expect.arrayContaining(["v1", "apps/v1", "rbac.authorization.k8s.io/v1"]),
    );
    expect(await k.ok`api-resources --namespaced=false -o name`).toContain("nodes");
    expect(await k.ok`api-resources --api-group=apps --verbs=watch -o name`).toBe(
      "controllerrevisions.apps\ndaemonsets.apps\ndeployments.apps\nreplicasets.apps\nstatefulsets.apps",
    );
  });
  test("explain tells fields from the schema", async () => {
    expect(await k.ok`explain pods.spec.containers.livenessProbe.httpGet.port`).toMatch(
      /FIELD: port <IntOrString>/,
    );
    expect(await k.ok`explain deployment.spec.strategy --recursive`).toContain(
      "maxSurge\t<IntOrString>",
    );
    expect(await k.refused`explain pods.spec.nosuch`).toContain('field "nosuch" does not exist');
  });
});
