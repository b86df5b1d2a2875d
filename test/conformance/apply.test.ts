/** kubectl apply, by client and by server. Cf. upstream test/cmd/apply.sh, diff.sh, kustomize. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";
import { kubectlMinors } from "#test/support/tools.ts";

const deployment = (name: string, spec: object, labels: object = { app: name }): string =>
  JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "c", image: "nginx:1.27", ports: [{ containerPort: 80 }] }] },
      },
      ...spec,
    },
  });
const settings = (data: object, labels?: object): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", ...(labels === undefined ? {} : { labels }) },
    data,
  });

interface Managed {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: Readonly<Record<string, unknown>>;
}

describe.each(kubectlMinors)("apply, kubectl 1.%s", (version) => {
  let k: Session;
  const managers = async (what: string): Promise<readonly Managed[]> =>
    (
      JSON.parse(await k.ok`get ${what} -o json --show-managed-fields`) as {
        metadata: { managedFields: readonly Managed[] };
      }
    ).metadata.managedFields;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }), version);
  });

  describe("client-side", () => {
    test("created, configured, unchanged; a field left out is removed, others' fields stay", async () => {
      const wanted = deployment("web", { replicas: 1 }, { app: "web", extra: "x" });
      expect(await k.with(wanted)`apply -f -`).toBe("deployment.apps/web created");
      expect(await k.with(wanted)`apply -f -`).toBe("deployment.apps/web unchanged");
      await k.ok`label deployment web mine=1`;
      expect(await k.with(deployment("web", {}))`apply -f -`).toBe(
        "deployment.apps/web configured",
      );
      expect(await k.ok`get deployment web -o jsonpath={.metadata.labels}`).toBe(
        '{"app":"web","mine":"1"}',
      );
      expect(await k.ok`get deployment web -o jsonpath={.spec.replicas}`).toBe("1");
    });
    test("view-last-applied, set-last-applied, edit the annotation away", async () => {
      expect(await k.ok`apply view-last-applied deployment web -o json`).toContain(
        '"kind": "Deployment"',
      );
      expect(await k.with(deployment("web", { replicas: 2 }))`apply set-last-applied -f -`).toBe(
        "deployment.apps/web configured",
      );
      expect(await k.ok`apply view-last-applied deployment web`).toContain("replicas: 2");
    });
    test("diff shows what would change and exits with 1; 0 when nothing would", async () => {
      const changed = await k.cluster.kubectlWith(
        deployment("web", { replicas: 3 }),
        "diff",
        "-f",
        "-",
      );
      expect(changed.code).toBe(1);
      expect(changed.stdout).toMatch(/^\+\s+replicas: 3$/m);
      await k.with(deployment("web", { replicas: 3 }))`apply -f -`;
      expect(
        (await k.cluster.kubectlWith(deployment("web", { replicas: 3 }), "diff", "-f", "-")).code,
      ).toBe(0);
    });
    test("dry runs write nothing", async () => {
      expect(await k.with(settings({ a: "1" }))`apply --dry-run=server -f -`).toBe(
        "configmap/settings created (server dry run)",
      );
      expect(await k.with(settings({ a: "1" }))`apply --dry-run=client -f -`).toBe(
        "configmap/settings created (dry run)",
      );
      expect((await k.any`get cm settings`).code).toBe(1);
    });
    test("unknown fields are refused, or warned of", async () => {
      const wrong = deployment("odd", { replicaz: 1 });
      expect(await k.refusedWith(wrong)`apply -f -`).toContain('unknown field "spec.replicaz"');
      const { stderr, code } = await k.cluster.kubectlWith(
        wrong,
        "apply",
        "--validate=warn",
        "-f",
        "-",
      );
      expect({ stderr, code }).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Warning: unknown field "spec.replicaz"') as string,
      });
      await k.ok`delete deployment odd`;
    });
    test("a folder, a list, -k kustomize, --prune", async () => {
      const folder = mkdtempSync(join(tmpdir(), "kubestep-apply-"));
      writeFileSync(join(folder, "a.yaml"), settings({ a: "1" }));
      writeFileSync(
        join(folder, "kustomization.yaml"),
        "resources: [a.yaml]\nnamePrefix: k-\nlabels: [{pairs: {set: one}}]\n",
      );
      expect(await k.ok`apply -k ${folder}`).toBe("configmap/k-settings created");
      expect(await k.ok`get cm -l set=one -o name`).toBe("configmap/k-settings");
      const list = JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [JSON.parse(settings({ b: "2" }, { prune: "yes" }))],
      });
      expect(await k.with(list)`apply -f -`).toBe("configmap/settings created");
      const other = settings({ c: "3" }, { prune: "yes" }).replace('"settings"', '"kept"');
      expect(
        await k.with(other)`apply --prune -l prune=yes --prune-allowlist=core/v1/ConfigMap -f -`,
      ).toBe("configmap/kept created\nconfigmap/settings pruned");
      expect(await k.ok`delete -k ${folder}`).toContain("deleted");
    });
  });

  describe("server-side", () => {
    test("creates, owns what it says, writes nothing the second time", async () => {
      expect(await k.with(settings({ a: "1", b: "2" }))`apply --server-side -f -`).toBe(
        "configmap/settings serverside-applied",
      );
      expect(await managers("cm/settings")).toMatchObject([
        {
          manager: "kubectl",
          operation: "Apply",
          fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } },
        },
      ]);
      const before = await k.ok`get cm settings -o jsonpath={.metadata.resourceVersion}`;
      await k.with(settings({ a: "1", b: "2" }))`apply --server-side -f -`;
      expect(await k.ok`get cm settings -o jsonpath={.metadata.resourceVersion}`).toBe(before);
    });
    test("a field another manager owns is a conflict that names it, until forced", async () => {
      expect(
        await k.refusedWith(settings({ a: "9" }))`apply --server-side --field-manager=other -f -`,
      ).toContain('Apply failed with 1 conflict: conflict with "kubectl": .data.a');
      await k.with(
        settings({ a: "9" }),
      )`apply --server-side --field-manager=other --force-conflicts -f -`;
      const owners = await managers("cm/settings");
      expect(owners.find(({ manager }) => manager === "other")?.fieldsV1).toEqual({
        "f:data": { "f:a": {} },
      });
      expect(owners.find(({ manager }) => manager === "kubectl")?.fieldsV1).toEqual({
        "f:data": { "f:b": {} },
      });
    });
    test("what its only owner no longer applies goes; what is shared stays", async () => {
      await k.with(settings({ b: "2", c: "3" }))`apply --server-side --field-manager=third -f -`;
      await k.with(settings({}))`apply --server-side --field-manager=third -f -`;
      expect(await k.ok`get cm settings -o jsonpath={.data}`).toBe('{"a":"9","b":"2"}');
    });
    test("lists merge by their keys: two managers, two containers", async () => {
      const part = (name: string, image: string): string =>
        JSON.stringify({
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "both" },
          spec: {
            selector: { matchLabels: { app: "both" } },
            template: {
              metadata: { labels: { app: "both" } },
              spec: { containers: [{ name, image }] },
            },
          },
        });
      await k.with(part("one", "nginx:1.27"))`apply --server-side --field-manager=first -f -`;
      await k.with(part("two", "redis:7"))`apply --server-side --field-manager=second -f -`;
      expect(
        await k.ok`get deployment both -o jsonpath={.spec.template.spec.containers[*].name}`,
      ).toBe("one two");
      await k.with(part("three", "httpd:2.4"))`apply --server-side --field-manager=second -f -`;
      expect(
        await k.ok`get deployment both -o jsonpath={.spec.template.spec.containers[*].name}`,
      ).toBe("one three");
    });
    test("client-side apply is taken over without a conflict", async () => {
      await k.with(settings({ x: "1" }).replace('"settings"', '"moved"'))`apply -f -`;
      await k.with(settings({ x: "2" }).replace('"settings"', '"moved"'))`apply --server-side -f -`;
      const owners = await managers("cm/moved");
      expect(owners.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
        "kubectl-last-applied Apply",
        "kubectl Apply",
      ]);
      expect(await k.ok`get cm moved -o jsonpath={.data.x}`).toBe("2");
    });
    test("controllers own the status they write", async () => {
      await k.ok`rollout status deployment both --timeout=30s`;
      expect(await managers("deployment/both")).toContainEqual(
        expect.objectContaining({
          manager: "kube-controller-manager",
          operation: "Update",
          subresource: "status",
        }),
      );
    });
    test("an apply without a name, with a wrong type, with a bad value", async () => {
      const bad = settings({ a: "1" }).replace('"1"', "1");
      expect(await k.refusedWith(bad)`apply --server-side -f -`).not.toBe("");
      expect(await k.refusedWith(deployment("BAD", {}))`apply --server-side -f -`).toContain(
        'metadata.name: Invalid value: "BAD"',
      );
    });
  });
});
