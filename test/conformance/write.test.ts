/** Writing with kubectl, command by command. Cf. upstream test/cmd/{core,create,run,apps,generic-resources,save-config}.sh. */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";
import { kubectlMinors } from "#test/support/tools.ts";

const pod = (name: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { name } },
    spec: { containers: [{ name: "c", image: "nginx:1.27" }] },
    ...more,
  });

describe.each(kubectlMinors)("write, kubectl 1.%s", (version) => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }), version);
  });

  test.each([
    ["namespace team-a", "namespace/team-a"],
    ["configmap cm-1 --from-literal=k=v", "configmap/cm-1"],
    ["secret generic sec-1 --from-literal=k=v", "secret/sec-1"],
    [
      "secret docker-registry reg-1 --docker-server=x.example --docker-username=u --docker-password=p",
      "secret/reg-1",
    ],
    ["serviceaccount robot", "serviceaccount/robot"],
    ["deployment dep-1 --image=nginx:1.27 --replicas=1 --port=80", "deployment.apps/dep-1"],
    ["service clusterip svc-1 --tcp=80:80", "service/svc-1"],
    ["service nodeport svc-2 --tcp=80:8080", "service/svc-2"],
    ["service loadbalancer svc-3 --tcp=443", "service/svc-3"],
    ["service externalname svc-4 --external-name=example.com", "service/svc-4"],
    ["job job-1 --image=busybox:1.36 -- true", "job.batch/job-1"],
    ["cronjob cron-1 --image=busybox:1.36 --schedule=*/5 -- true", undefined],
    ["cronjob cron-2 --image=busybox:1.36 --schedule=@hourly -- true", "cronjob.batch/cron-2"],
    ["quota quota-1 --hard=services=100,count/configmaps=100", "resourcequota/quota-1"],
    ["pdb pdb-1 --selector=app=x --min-available=1", "poddisruptionbudget.policy/pdb-1"],
    ["priorityclass high --value=1000", "priorityclass.scheduling.k8s.io/high"],
    ["role reader --verb=get,list --resource=pods", "role.rbac.authorization.k8s.io/reader"],
    [
      "rolebinding readers --role=reader --user=ann",
      "rolebinding.rbac.authorization.k8s.io/readers",
    ],
    [
      "clusterrole watcher --verb=watch --resource=nodes",
      "clusterrole.rbac.authorization.k8s.io/watcher",
    ],
    [
      "clusterrolebinding watchers --clusterrole=watcher --group=ops",
      "clusterrolebinding.rbac.authorization.k8s.io/watchers",
    ],
    ["ingress ing-1 --rule=host.example/path=svc-1:80", "ingress.networking.k8s.io/ing-1"],
  ])("create %s", async (command, made) => {
    const words = command.split(" ");
    if (made === undefined) {
      const { code, stderr } =
        await k.any`create ${words[0] ?? ""} ${words[1] ?? ""} --image=busybox:1.36 ${"--schedule=*/5"} -- true`;
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("spec.schedule: Invalid value") as string,
      });
      return;
    }
    const dry = await runWords(k, ["create", ...withFlag(words, "--dry-run=server")]);
    expect(dry).toBe(`${made} created (server dry run)`);
    expect((await k.any`get ${made}`).code).toBe(1);
    expect(await runWords(k, ["create", ...words])).toBe(`${made} created`);
    expect(await k.ok`get ${made} -o name`).toBe(made);
  });
  test("create of what is there is AlreadyExists", async () => {
    expect(await k.refused`create namespace team-a`).toBe(
      'Error from server (AlreadyExists): namespaces "team-a" already exists',
    );
  });
  test("create -f, replace, replace --force, delete -f", async () => {
    expect(await k.with(pod("p1"))`create -f -`).toBe("pod/p1 created");
    const shown = JSON.parse(await k.ok`get pod p1 -o json`) as { metadata: object };
    const changed = { ...shown, metadata: { ...shown.metadata, labels: { x: "y" } } };
    expect(await k.with(JSON.stringify(changed))`replace -f -`).toBe("pod/p1 replaced");
    expect(await k.ok`get pod p1 -o jsonpath={.metadata.labels.x}`).toBe("y");
    expect(await k.with(pod("p1"))`replace --force --grace-period=0 -f -`).toContain(
      "pod/p1 replaced",
    );
    expect(await k.with(pod("p1"))`delete --now -f -`).toContain('pod "p1" deleted');
    expect(await k.refusedWith(pod("p1"))`replace -f -`).toContain('pods "p1" not found');
  });
  test("run, expose, autoscale, scale", async () => {
    expect(await k.ok`run web --image=nginx:1.27 --port=80 --expose`).toBe(
      "service/web created\npod/web created",
    );
    expect(await k.ok`expose deployment dep-1 --port=80 --name=dep-svc`).toBe(
      "service/dep-svc exposed",
    );
    expect(await k.ok`autoscale deployment dep-1 --min=1 --max=3 --cpu-percent=80`).toContain(
      "horizontalpodautoscaler.autoscaling/dep-1 autoscaled",
    );
    expect(await k.ok`scale deployment dep-1 --current-replicas=1 --replicas=2`).toBe(
      "deployment.apps/dep-1 scaled",
    );
    expect(await k.refused`scale deployment dep-1 --current-replicas=9 --replicas=1`).toContain(
      "Expected replicas to be 9, was 2",
    );
    await k.ok`rollout status deployment dep-1 --timeout=30s`;
  });
  test("label and annotate: add, refuse to overwrite, overwrite, remove", async () => {
    expect(await k.ok`label pod web a=1`).toBe("pod/web labeled");
    expect(await k.refused`label pod web a=2`).toContain(
      "'a' already has a value (1), and --overwrite is false",
    );
    expect(await k.ok`label pod web a=2 --overwrite`).toBe("pod/web labeled");
    expect(await k.ok`label pod web a-`).toBe("pod/web unlabeled");
    expect(await k.refused`label pod web ${"bad key=1"}`).toContain("Invalid value");
    expect(await k.ok`annotate pods --all note=x`).toContain("pod/web annotated");
    expect(await k.ok`annotate pod web note-`).toBe("pod/web annotated");
  });
  test("set image, env, resources, serviceaccount, selector", async () => {
    expect(await k.ok`set image deployment/dep-1 nginx=nginx:1.28`).toBe(
      "deployment.apps/dep-1 image updated",
    );
    expect(await k.ok`set env deployment/dep-1 A=b --from=configmap/cm-1`).toBe(
      "deployment.apps/dep-1 env updated",
    );
    expect(await k.ok`set env deployment/dep-1 --list`).toContain("A=b");
    expect(await k.ok`set resources deployment/dep-1 --limits=cpu=200m,memory=64Mi`).toBe(
      "deployment.apps/dep-1 resource requirements updated",
    );
    expect(await k.ok`set serviceaccount deployment/dep-1 robot`).toBe(
      "deployment.apps/dep-1 serviceaccount updated",
    );
    expect(await k.ok`set selector svc/svc-1 app=dep-1`).toBe("service/svc-1 selector updated");
    expect(
      await k.ok`get deploy dep-1 -o ${"jsonpath={.spec.template.spec.containers[0].env[*].name}"}`,
    ).toBe("A K");
    await k.ok`rollout status deployment dep-1 --timeout=30s`;
  });
  test("patch: strategic, merge, json, and their refusals", async () => {
    expect(
      await k.ok`patch pod web -p ${'{"spec":{"containers":[{"name":"web","image":"nginx:1.28"}]}}'}`,
    ).toBe("pod/web patched");
    expect(await k.ok`patch pod web --type=merge -p ${'{"metadata":{"labels":{"m":"1"}}}'}`).toBe(
      "pod/web patched",
    );
    expect(
      await k.ok`patch pod web --type=json -p ${'[{"op":"replace","path":"/metadata/labels/m","value":"2"}]'}`,
    ).toBe("pod/web patched");
    expect(await k.ok`patch pod web --type=merge -p ${'{"metadata":{"labels":{"m":"2"}}}'}`).toBe(
      "pod/web patched (no change)",
    );
    expect(
      await k.refused`patch pod web --type=json -p ${'[{"op":"test","path":"/metadata/labels/m","value":"9"}]'}`,
    ).toContain("The request is invalid");
    expect(await k.refused`patch pod web -p ${'{"spec":{"nodeName":"elsewhere"}}'}`).toContain(
      "pod updates may not change fields other than",
    );
    expect(
      await k.ok`patch deployment dep-1 --subresource=scale --type=merge -p ${'{"spec":{"replicas":1}}'}`,
    ).toContain("patched");
    expect(await k.ok`get deployment dep-1 --subresource=scale -o jsonpath={.spec.replicas}`).toBe(
      "1",
    );
  });
  test("edit with an editor of one's own", async () => {
    const editor = join(tmpdir(), `kubestep-editor-${version}.sh`);
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/k: v/k: edited/" "$1"\n', { mode: 0o755 });
    const { stdout } = await k.run(["edit", "configmap", "cm-1"], "", { KUBE_EDITOR: editor });
    expect(stdout.trim()).toBe("configmap/cm-1 edited");
    expect(await k.ok`get cm cm-1 -o jsonpath={.data.k}`).toBe("edited");
  });
  test("rollout: status, history, undo, pause, resume, restart", async () => {
    await k.ok`rollout status deployment dep-1 --timeout=30s`;
    expect(await k.ok`rollout history deployment dep-1`).toMatch(/REVISION\s+CHANGE-CAUSE/);
    expect(await k.ok`rollout pause deployment dep-1`).toBe("deployment.apps/dep-1 paused");
    expect(await k.refused`rollout pause deployment dep-1`).toContain("is already paused");
    expect(await k.ok`rollout resume deployment dep-1`).toBe("deployment.apps/dep-1 resumed");
    expect(await k.ok`rollout restart deployment dep-1`).toBe("deployment.apps/dep-1 restarted");
    await k.ok`rollout status deployment dep-1 --timeout=30s`;
    expect(await k.ok`rollout undo deployment dep-1`).toBe("deployment.apps/dep-1 rolled back");
    await k.ok`rollout status deployment dep-1 --timeout=30s`;
  });
  test("delete: by name, selector, all, with cascades; what is gone stays gone", async () => {
    expect(await k.ok`delete cm cm-1`).toContain('configmap "cm-1" deleted');
    expect(await k.refused`delete cm cm-1`).toBe(
      'Error from server (NotFound): configmaps "cm-1" not found',
    );
    expect(await k.ok`delete cm cm-1 --ignore-not-found`).toBe("");
    expect(await k.ok`delete deployment dep-1 --cascade=orphan`).toContain("deleted");
    expect(await k.ok`get rs -l app=dep-1 -o name`).not.toBe("");
    expect(await k.ok`delete rs -l app=dep-1 --cascade=foreground`).toContain("deleted");
    expect(await k.ok`get rs -l app=dep-1 -o name`).toBe("");
    expect(await k.ok`delete pods --all --now`).toContain('pod "web" deleted');
    expect(await k.ok`delete pods --all --dry-run=server`).not.toContain("error");
  });
  test("taint, cordon, uncordon, drain", async () => {
    expect(await k.ok`taint node worker-1 team=a:NoSchedule`).toBe("node/worker-1 tainted");
    expect(await k.ok`taint node worker-1 team-`).toBe("node/worker-1 untainted");
    expect(await k.ok`cordon worker-1`).toBe("node/worker-1 cordoned");
    expect(await k.ok`get node worker-1 --no-headers`).toContain("Ready,SchedulingDisabled");
    expect(
      await k.ok`drain worker-1 --ignore-daemonsets --delete-emptydir-data --force --timeout=60s`,
    ).toContain("node/worker-1 drained");
    expect(await k.ok`uncordon worker-1`).toBe("node/worker-1 uncordoned");
  });
});

/** Flags stand before `--`, where the container's command begins. */
function withFlag(words: readonly string[], flag: string): readonly string[] {
  const at = words.indexOf("--");
  return at < 0 ? [...words, flag] : [...words.slice(0, at), flag, ...words.slice(at)];
}
async function runWords(k: Session, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await k.run(words);
  expect({ code, stderr: code === 0 ? "" : stderr }, words.join(" ")).toEqual({
    code: 0,
    stderr: "",
  });
  return stdout.trim();
}
