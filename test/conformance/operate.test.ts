/** Nodes, debugging, events and the client's own commands. Cf. upstream test/cmd/{node-management,debug,events,exec,version,help,plugins,proxy,template-output,convert}.sh. */
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { conversation, folderOf, type Line } from "#test/support/conversation.ts";
import { type Session, session } from "#test/support/session.ts";

describe("operate", () => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }));
    await conversation(k, [
      ["run target --image=nginx:1.27 --labels=tier=front"],
      ["wait pod target --for=condition=Ready --timeout=30s"],
    ]);
  });

  test("taints: one effect beside another, tried out, refused, removed", async () => {
    const taints = "get node worker-1 -o jsonpath={.spec.taints}";
    await conversation(k, [
      ["taint node worker-1 team=a:PreferNoSchedule --dry-run=server", "node/worker-1 tainted"],
      [taints, ""],
      ["taint node worker-1 team=a:PreferNoSchedule", "node/worker-1 tainted"],
      [
        "! taint node worker-1 team=b:PreferNoSchedule",
        /already has team taint\(s\) with same effect/,
      ],
      ["taint node worker-1 team:NoSchedule"],
      [
        taints,
        /"effect":"NoSchedule","key":"team"\},\{"effect":"PreferNoSchedule","key":"team","value":"a"/,
      ],
      ["taint node worker-1 team:NoSchedule-", "node/worker-1 untainted"],
      ["taint node worker-1 team-", "node/worker-1 untainted"],
      ["! taint node worker-1 team-", /not found/],
      ["! taint node worker-1 team=a:Odd", /invalid taint effect: Odd/],
      [taints, ""],
    ]);
  });
  test("cordon and drain: chosen nodes and Pods, tried out, and what is spared", async () => {
    await conversation(k, [
      ["cordon worker-1 --dry-run=server", "node/worker-1 cordoned (server dry run)"],
      ["cordon worker-1", "node/worker-1 cordoned"],
      ["cordon worker-1", "node/worker-1 already cordoned"],
      ["uncordon worker-1", "node/worker-1 uncordoned"],
      ["uncordon worker-1 --dry-run=client", "node/worker-1 already uncordoned (dry run)"],
      ["label node worker-1 pool=x"],
      ["cordon -l pool=x", "node/worker-1 cordoned"],
      ["uncordon -l pool=x", "node/worker-1 uncordoned"],
      ["! cordon", /error: USAGE: cordon NODE/],
      ["cordon -l pool=none", ""],
      ["! drain worker-1 -l pool=x", /cannot specify both a node name and a --selector option/],
      ["! drain none --force", /nodes "none" not found/],
    ]);
    const node = await k.ok`get pod target -o jsonpath={.spec.nodeName}`;
    await conversation(k, [
      [`! drain ${node} --ignore-daemonsets`, /cannot delete Pods that declare no controller/],
      [`drain ${node} --ignore-daemonsets --force --pod-selector=tier=none`, /drained/],
      [
        `drain ${node} --ignore-daemonsets --force --dry-run=server`,
        /evicting pod default\/target \(server dry run\)/,
      ],
      ["get pod target -o name", "pod/target"],
      [`uncordon ${node}`, /uncordoned/],
      [`patch node ${node} -p '{"spec":{"unschedulable":true}}'`, /patched/],
      [`patch node ${node} -p '{"spec":{"unschedulable":null}}'`, /patched/],
      [`describe node ${node}`, /\nUnschedulable: +false\n[^]*\nNon-terminated Pods: /],
    ]);
  });
  test("debug: into a Pod, on a copy of it, on a node, by profile", async () => {
    const field = (pod: string, path: string): string => `get pod ${pod} -o jsonpath=${path}`;
    const added = "{.spec.ephemeralContainers[*].name}";
    await conversation(k, [
      ["debug target --image=busybox:1.36 -c one --profile=general --attach=false"],
      [field("target", added), "one"],
      ["debug target --image=busybox:1.36 -c two --profile=netadmin --attach=false"],
      [
        field("target", "{.spec.ephemeralContainers[1].securityContext.capabilities.add}"),
        '["NET_ADMIN","NET_RAW"]',
      ],
      ["debug target --image=busybox:1.36 -c three --profile=restricted --attach=false"],
      [field("target", "{.spec.ephemeralContainers[2].securityContext.runAsNonRoot}"), "true"],
      [
        "debug target --image=busybox:1.36 --copy-to=copy -c helper --profile=general --attach=false",
      ],
      [field("copy", "{.spec.containers[*].name}:{.metadata.labels}"), "target helper:"],
      ["debug target --copy-to=newer --set-image=*=nginx:1.28 --keep-labels --same-node"],
      [field("newer", "{.spec.containers[*].image}:{.metadata.labels.tier}"), "nginx:1.28:front"],
      ["debug target --image=busybox:1.36 --copy-to=instead --replace -c helper --attach=false"],
      ["debug node/worker-1 --image=busybox:1.36 --profile=general --attach=false"],
      [
        "get pods -l app.kubernetes.io/managed-by=kubectl-debug -o jsonpath={.items[0].spec.nodeName}:{.items[0].spec.hostPID}:{.items[0].spec.volumes[0].hostPath.path}",
        "worker-1:true:/",
      ],
      ["! debug node/none --image=busybox:1.36", /nodes "none" not found/],
    ]);
    await conversation(k, [
      ["create ns strict"],
      ["label ns strict pod-security.kubernetes.io/enforce=restricted"],
      [
        "! debug node/worker-1 --image=busybox:1.36 -n strict --profile=sysadmin --attach=false",
        /violates PodSecurity "restricted:latest"/,
      ],
    ]);
  });
  test("events: of one object, of one type, of all namespaces, in every form", async () => {
    const event = (name: string, type: string): string =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name, namespace: "heard" },
        type,
        reason: `Reason${name}`,
        message: "told",
        involvedObject: { apiVersion: "batch/v1", kind: "CronJob", name: "pi", namespace: "heard" },
      });
    await conversation(k, [
      ["create ns heard"],
      ["events -n heard", ""],
      ["create -f -", "event/a created", event("a", "Warning")],
      ["create -f -", "event/b created", event("b", "Normal")],
      ["events -n heard --no-headers", /Warning +Reasona +CronJob\/pi +told/],
      ["events -A", /heard +\S+ +Normal +Reasonb +CronJob\/pi/],
      [
        "events -n heard --for=CronJob/pi --types=Warning --no-headers",
        /^(?![^]*Reasonb)[^]*Reasona/,
      ],
      [
        "events -n heard --for=cronjob.batch/pi -o jsonpath={.items[*].reason}",
        /Reasona Reasonb|Reasonb Reasona/,
      ],
      ["events -n heard --for=CronJob/other", ""],
      ["! events --types=Odd", /valid --types are Normal or Warning/],
      ["get events -n heard --field-selector type=Warning -o name", "event/a"],
      ["get events.events.k8s.io -n heard a -o jsonpath={.regarding.name}:{.note}", "pi:told"],
      ["delete events --all -n heard", /deleted/],
    ]);
  });
  test("version: client and server, in every form; help without a server", async () => {
    await conversation(k, [
      ["version", /^Client Version: v1.35.\d+\nKustomize Version: v\d.*\nServer Version: v1.36.2$/],
      ["version -o json", /"serverVersion": \{/],
      ["version --client -o yaml", /^clientVersion:\n(?![^]*serverVersion)/],
      ["! version -o odd", /--output must be 'yaml' or 'json'/],
      ["version --request-timeout=5s -o yaml", /serverVersion:\n[^]*minor: "36"/],
      ["help create", /Create a resource from a file or from stdin/],
      ["create deployment --help", /--replicas=1/],
    ]);
  });
  test("plugins are found and run, and do not overshadow commands", async () => {
    const folder = folderOf({
      "kubectl-hello.sh": "#!/bin/sh\necho hello $1\n",
      "kubectl-version.sh": "#!/bin/sh\necho mine\n",
    });
    const PATH = `${folder}:${process.env["PATH"] ?? ""}`;
    const told = async (...words: readonly string[]): Promise<string> =>
      (await k.run(words, "", { PATH })).stdout.trim();
    expect(await told("hello.sh", "you")).toBe("hello you");
    expect(await told("plugin", "list")).toContain(`${folder}/kubectl-hello.sh`);
    expect(await told("version", "--client")).toContain("Client Version");
    expect((await k.any`nosuch`).stderr).toContain('unknown command "nosuch" for "kubectl"');
  });
  test("proxy: the API under a port of one's own, a prefix, and files beside it", async () => {
    const folder = folderOf({ "page.html": "a page" });
    const server = k.started`proxy --port=0 --append-server-path --www=${folder} --api-prefix=/custom`;
    const told = await server.until((text) => /Starting to serve on \S+/.test(text));
    const address = /Starting to serve on (\S+)/.exec(told)?.[1] ?? "";
    const code = async (path: string): Promise<number> => {
      const answer = await fetch(`http://${address}${path}`);
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await code("/custom/api/v1/namespaces")).toBe(200);
    expect(await code("/custom/api/kubernetes")).toBe(404);
    expect(await code("/custom/metrics")).toBe(200);
    expect(await code("/static/page.html")).toBe(200);
    server.stop();
  });
  test("every command that writes prints by template", async () => {
    const pod = JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "shown", labels: { a: "b" } },
      spec: { containers: [{ name: "c", image: "nginx:1.27" }] },
    });
    const template = "--template={{.metadata.name}}:";
    const typed: readonly Line[] = [
      ["create -f -", "shown:", pod],
      ["label pod shown c=d", "shown:"],
      ["annotate pod shown e=f", "shown:"],
      ["apply -f -", "shown:", pod],
      [`patch pod shown -p '{"metadata":{"labels":{"g":"h"}}}'`, "shown:"],
      ["set image pod/shown c=nginx:1.28", "shown:"],
      ["replace -f - --force --grace-period=0", /\nshown:$/, pod],
      ["expose pod shown --port=80", "shown:"],
      ["run made --image=nginx:1.27", "made:"],
      ["create deployment many --image=nginx:1.27", "many:"],
      ["set resources deployment/many --limits=cpu=1", "many:"],
      ["autoscale deployment many --max=2", "many:"],
      ["rollout pause deployment many", "many:"],
      ["rollout resume deployment many", "many:"],
      ["create ns shown", "shown:"],
      ["create cm shown", "shown:"],
      ["create secret generic shown", "shown:"],
      ["create sa shown", "shown:"],
      ["create quota shown", "shown:"],
      ["create role shown --verb=get --resource=pods", "shown:"],
      ["create clusterrole shown --verb=get --resource=pods", "shown:"],
      ["create rolebinding shown --role=shown", "shown:"],
      ["create clusterrolebinding shown --clusterrole=view", "shown:"],
      ["create service clusterip other --tcp=80", "other:"],
      ["taint node worker-2 x=y:PreferNoSchedule", "worker-2:"],
    ];
    await conversation(
      k,
      typed.map(([line, ...more]) => [`${line} ${template}`, ...more]),
    );
  });
});
