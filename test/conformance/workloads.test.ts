/** Controllers' kinds by kubectl: sizes, rollouts, histories, orphans. Cf. upstream test/cmd/{apps,core,scale,wait}.sh. */
import { beforeAll, describe, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { conversation, type Line } from "#test/support/conversation.ts";
import { type Session, session } from "#test/support/session.ts";

const of = (kind: string, name: string, spec: object, image = "nginx:1.27"): string =>
  JSON.stringify({
    apiVersion: kind === "ReplicationController" ? "v1" : "apps/v1",
    kind,
    metadata: { name, labels: { set: name } },
    spec: {
      selector: kind === "ReplicationController" ? { set: name } : { matchLabels: { set: name } },
      template: {
        metadata: { labels: { set: name } },
        spec: { containers: [{ name: "main", image }] },
      },
      ...spec,
    },
  });
const image = "-o jsonpath={.spec.template.spec.containers[0].image}";

describe("workloads", () => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }));
  });

  test("a Deployment: revisions with their causes, back to one of them, paused, restarted", async () => {
    await conversation(k, [
      ["create -f -", "deployment.apps/shop created", of("Deployment", "shop", { replicas: 2 })],
      ["annotate deployment shop kubernetes.io/change-cause=first"],
      ["rollout status deployment shop", /successfully rolled out/],
      ["set image deployment shop main=nginx:1.28", "deployment.apps/shop image updated"],
      ["annotate deployment shop kubernetes.io/change-cause=second --overwrite"],
      ["rollout status deployment shop", /successfully rolled out/],
      ["rollout history deployment shop", /\n1 +first\n2 +second/],
      ["rollout history deployment shop --revision=1", /Image:\s+nginx:1.27/],
      ["! rollout history deployment shop --revision=9", /unable to find the specified revision/],
      ["rollout undo deployment shop --dry-run=server", /server dry run/],
      [`get deployment shop ${image}`, "nginx:1.28"],
      ["rollout undo deployment shop --to-revision=1", "deployment.apps/shop rolled back"],
      [`get deployment shop ${image}`, "nginx:1.27"],
      ["! rollout undo deployment shop --to-revision=99", /unable to find specified revision 99/],
      ["rollout pause deployment shop", "deployment.apps/shop paused"],
      ["! rollout undo deployment shop", /cannot rollback a paused deployment/],
      ["! rollout restart deployment shop", /can't restart paused deployment/],
      ["rollout resume deployment shop", "deployment.apps/shop resumed"],
      ["rollout restart deployment shop", "deployment.apps/shop restarted"],
      ["rollout status deployment shop", /successfully rolled out/],
      ["get rs -l set=shop -o jsonpath={.items[*].spec.replicas}", /^(0 )*2( 0)*$/],
    ]);
  });
  test("a Deployment: its Sets orphaned, adopted again by labels, and swept with it", async () => {
    await conversation(k, [
      ["delete deployment shop --cascade=orphan", /deleted/],
      ["get rs -l set=shop -o jsonpath={.items[*].metadata.ownerReferences}", ""],
      ["create -f -", "deployment.apps/shop created", of("Deployment", "shop", { replicas: 2 })],
      ["rollout status deployment shop", /successfully rolled out/],
      ["get rs -l set=shop -o jsonpath={.items[0].metadata.ownerReferences[0].name}", "shop"],
      ["delete deployment shop --cascade=foreground", /deleted/],
      ["get rs,pods -l set=shop -o name", ""],
    ]);
  });
  test("set: images of all containers, environment from keys, resources of one container, locally", async () => {
    const two = of("Deployment", "pair", {
      replicas: 0,
      template: {
        metadata: { labels: { set: "pair" } },
        spec: {
          containers: [
            { name: "main", image: "nginx:1.27" },
            { name: "side", image: "busybox:1.36" },
          ],
        },
      },
    });
    const images = "get deployment pair -o jsonpath={.spec.template.spec.containers[*].image}";
    await conversation(k, [
      ["create -f -", "deployment.apps/pair created", two],
      ["create configmap settings --from-literal=key=v"],
      ["! set image deployment/pair nosuch=x", /unable to find container named "nosuch"/],
      ["set image deployment/pair main=redis:7", /image updated/],
      [images, "redis:7 busybox:1.36"],
      ["set image deployment/pair *=nginx:1.27", /image updated/],
      [images, "nginx:1.27 nginx:1.27"],
      ["set env deployment/pair --from=configmap/settings --keys=key", /env updated/],
      [
        "get deployment pair -o jsonpath={.spec.template.spec.containers[1].env[0].valueFrom.configMapKeyRef}",
        /"key":"key","name":"settings"/,
      ],
      ["set env deployment/pair KEY-", /env updated/],
      ["set resources deployment pair -c=side --limits=cpu=300m --requests=cpu=300m"],
      [
        "get deployment pair -o jsonpath={.spec.template.spec.containers[*].resources.limits.cpu}",
        "300m",
      ],
      [
        "! set resources deployment pair -c=none --limits=cpu=1",
        /unable to find container named none/,
      ],
      ["set resources -f - --limits=cpu=7m --local -o name", "deployment.apps/pair", two],
      ["set serviceaccount deployment pair default", /serviceaccount updated/],
      ["delete deployment pair", /deleted/],
    ]);
  });
  test("an autoscaler for what can be scaled, and no other", async () => {
    await conversation(k, [
      ["create -f -", "deployment.apps/shop created", of("Deployment", "shop", { replicas: 1 })],
      ["autoscale deployment shop --min=2 --max=3 --cpu=80%", /autoscaled/],
      [
        "get hpa shop -o jsonpath={.spec.minReplicas}:{.spec.maxReplicas}:{.spec.metrics[0].resource.target.averageUtilization}",
        "2:3:80",
      ],
      ["delete hpa shop"],
      ["! autoscale deployment shop", /required flag.*"max" not set/],
      ["! autoscale service kubernetes --max=2", /cannot autoscale/],
      ["delete deployment shop", /deleted/],
    ]);
  });
  const scaled = (kind: string, word: string, name: string): readonly Line[] => [
    ["create -f -", `${word}/${name} created`, of(kind, name, { replicas: 2 })],
    [`scale ${word} ${name} --current-replicas=2 --replicas=3`, `${word}/${name} scaled`],
    [
      `! scale ${word} ${name} --current-replicas=2 --replicas=1`,
      /Expected replicas to be 2, was 3/,
    ],
    [`scale ${word} ${name} --replicas=1 --dry-run=server`, /server dry run/],
    [`get ${word} ${name} -o jsonpath={.spec.replicas}`, "3"],
    [
      `wait ${word} ${name} --for=jsonpath={.status.readyReplicas}=3 --timeout=30s`,
      /condition met/,
    ],
    [`describe ${word} ${name}`, /\nPods Status: +3 Running \/ 0 Waiting/],
    [`expose ${word} ${name} --port=80`, `service/${name} exposed`],
    [`delete ${word} ${name} --cascade=orphan`, /deleted/],
    [`get pods -l set=${name} -o jsonpath={.items[*].metadata.ownerReferences}`, ""],
    ["create -f -", `${word}/${name} created`, of(kind, name, { replicas: 3 })],
    [
      `wait ${word} ${name} --for=jsonpath={.status.readyReplicas}=3 --timeout=30s`,
      /condition met/,
    ],
    [`delete ${word},service ${name}`, /deleted/],
    [`wait pods -l set=${name} --for=delete --timeout=30s`],
  ];
  test("a ReplicaSet: scaled, described, exposed, orphaned and adopting", async () => {
    await conversation(k, scaled("ReplicaSet", "replicaset.apps", "front"));
  });
  test("a ReplicationController: scaled, described, exposed, orphaned and adopting", async () => {
    await conversation(k, scaled("ReplicationController", "replicationcontroller", "back"));
  });
  test("a DaemonSet: rolled out on every node, its revisions with their causes, rolled back", async () => {
    const daemon = of("DaemonSet", "every", {});
    await conversation(k, [
      ["apply -f -", "daemonset.apps/every created", daemon],
      ["rollout status ds every", /successfully rolled out/],
      ["get ds every -o jsonpath={.status.numberReady}", "2"],
      ["annotate ds every kubernetes.io/change-cause=newer"],
      ["set image ds/every main=nginx:1.28", /image updated/],
      ["rollout status ds every", /successfully rolled out/],
      ["rollout history ds every", /\n1 +<none>\n2 +newer/],
      ["get controllerrevisions -l set=every -o jsonpath={.items[*].revision}", /1 2|2 1/],
      ["rollout undo ds every --dry-run=client", /nginx:1.27/],
      ["rollout undo ds every --to-revision=1", "daemonset.apps/every rolled back"],
      ["rollout status ds every", /successfully rolled out/],
      [`get ds every ${image}`, "nginx:1.27"],
      ["! rollout undo ds every --to-revision=100", /unable to find specified revision 100/],
      ["rollout restart ds every", "daemonset.apps/every restarted"],
      ["get ds every -o jsonpath={.metadata.generation}", "4"],
      ["delete ds every", /deleted/],
    ]);
  });
  test("a StatefulSet: kept, scaled and checked by the API", async () => {
    await conversation(k, [
      [
        "create -f -",
        "statefulset.apps/db created",
        of("StatefulSet", "db", { replicas: 1, serviceName: "db" }),
      ],
      ["scale sts db --replicas=0", "statefulset.apps/db scaled"],
      ["get sts db -o jsonpath={.spec.replicas}:{.metadata.generation}", "0:2"],
      [
        `! patch sts db -p '{"spec":{"serviceName":"other"}}'`,
        /updates to statefulset spec for fields other than/,
      ],
      ["delete sts db", /deleted/],
    ]);
  });
  test("wait: for a condition, a value, creation, deletion, several at once, and in vain", async () => {
    await conversation(k, [
      ["create deployment soon --image=nginx:1.27"],
      [
        "wait deployment soon --for=condition=Available --timeout=30s",
        "deployment.apps/soon condition met",
      ],
      ["wait deployment soon --for=jsonpath={.status.readyReplicas}=1", /condition met/],
      ["wait deployment soon --for=jsonpath={.status.readyReplicas} --timeout=5s", /condition met/],
      ["wait pods --for=condition=Ready -l app=soon", /condition met/],
      [
        "! wait deployment soon --for=condition=Nothing=true --timeout=50ms",
        "error: timed out waiting for the condition on deployments/soon",
      ],
      [
        "! wait deployment none --for=condition=Available",
        'Error from server (NotFound): deployments.apps "none" not found',
      ],
      [
        "! wait deployment none --for=create --timeout=50ms",
        "error: timed out waiting for the condition",
      ],
      ["wait deployment none --for=delete"],
      ["delete deployment soon --wait=false", /deleted/],
      ["wait pods --for=delete -l app=soon --timeout=30s"],
    ]);
  });
});
