/** The core kinds by kubectl. Cf. upstream test/cmd/{core,create,run,save-config,storage,batch,scale,results}.sh. */
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { conversation, folderOf } from "#test/support/conversation.ts";
import { type Session, session } from "#test/support/session.ts";

const pod = (name: string, labels: object = { name }, spec: object = {}): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: { containers: [{ name: "main", image: "nginx:1.27" }], ...spec },
  });
const certificate = `-----BEGIN CERTIFICATE-----
MIIBejCCASCgAwIBAgIUJ4nD6mYkm1pTjUHw1mVsmjz5ZwowCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIZXhhbXBsZTEwHhcNMjYwMTAxMDAwMDAwWhcNMzYwMTAxMDAw
MDAwWjATMREwDwYDVQQDDAhleGFtcGxlMQ==
-----END CERTIFICATE-----
`;

describe("core", () => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 1 }));
  });
  const managers = "-o jsonpath={.metadata.managedFields[*].manager} --show-managed-fields";

  test("Pods: dumped and made again; deleted by name, label, field, file, at once, and never by accident", async () => {
    await conversation(k, [
      ["create -f -", "pod/one created", pod("one")],
      [`get pod one ${managers}`, /^kubectl-create( kubelet)?/],
      ["describe pod one", /^Name: +one\n(.*\n)*Containers:\n +main:\n/],
      ["describe pods --show-events=false", /^(?![^]*\nEvents:)Name: +one\n/],
      ["get pods --field-selector metadata.name=one -o name", "pod/one"],
    ]);
    const dumped = JSON.parse(await k.ok`get pod one -o json`) as { metadata: object };
    await conversation(k, [
      ["delete pod one --now", /^pod "one" deleted/],
      ["create -f -", "pod/one created", JSON.stringify({ ...dumped, metadata: { name: "one" } })],
      ["! delete pods", "error: resource(s) were provided, but no name was specified"],
      ["! delete pods --all -l name=one", /^error: setting 'all' parameter but found a non empty/],
      ["delete pod one --grace-period=0 --force", /^pod "one" force deleted/],
      ["create -f -", "pod/two created", pod("two")],
      ["create -f -", "pod/three created", pod("three", { name: "two" })],
      ["delete pods -l name=two --grace-period=0", /^pod "three" deleted.*\npod "two" deleted/],
      ["get pods -o name", ""],
    ]);
  });
  test("labels and annotations: empty, listed, chosen by selector and file, tried out, refused twice", async () => {
    await conversation(k, [
      ["create -f -", "pod/tagged created", pod("tagged")],
      ["label pod tagged empty=", "pod/tagged labeled"],
      ["label pod tagged a=1 --dry-run=server", "pod/tagged labeled (server dry run)"],
      ["label pod tagged --list", /^(empty=\nname=tagged|name=tagged\nempty=)$/],
      ["! label pod tagged name=other", /^error: 'name' already has a value \(tagged\)/],
      ["label pods -l name=tagged more=1", "pod/tagged labeled"],
      ["label -f - from=file", "pod/tagged labeled", pod("tagged")],
      ["label pod tagged more-", "pod/tagged unlabeled"],
      ["label pod tagged none-", /not labeled/],
      ["annotate pod tagged note='' --dry-run=client", "pod/tagged annotated (dry run)"],
      ["annotate pods --field-selector metadata.name=tagged note=1", "pod/tagged annotated"],
      ["! annotate pod tagged --resource-version=1 --overwrite note=2", /object has been modified/],
      [
        "get pod tagged -o 'jsonpath={.metadata.labels} {.metadata.annotations}'",
        '{"empty":"","from":"file","name":"tagged"} {"note":"1"}',
      ],
    ]);
  });
  test("patches and replacements heed the version they know, and tell what they would do", async () => {
    const folder = folderOf({ "patch.yaml": "metadata: {labels: {file: patched}}\n" });
    const version = await k.ok`get pod tagged -o jsonpath={.metadata.resourceVersion}`;
    const image = (text: string): string =>
      `{"spec":{"containers":[{"name":"main","image":"${text}"}]}}`;
    await conversation(k, [
      [`patch pod tagged -p '${image("nginx:1.28")}' --dry-run=server`, /^pod\/tagged patched/],
      ["get pod tagged -o jsonpath={.spec.containers[0].image}", "nginx:1.27"],
      [`patch pod tagged --patch-file ${folder}/patch.yaml`, "pod/tagged patched"],
      [
        `! patch pod tagged -p '{"metadata":{"resourceVersion":"${version}","labels":{"a":"b"}}}'`,
        /^Error from server \(Conflict\): Operation cannot be fulfilled on pods "tagged": the object has been modified/,
      ],
      [
        `! patch pod tagged -p '{"metadata":{"labels":"none"}}'`,
        'The request is invalid: patch: Invalid value: "map[metadata:map[labels:none]]": cannot restore map from string',
      ],
      [
        `patch --local -f - -p '${image("local")}' -o jsonpath={.spec.containers[0].image}`,
        "local",
        pod("tagged"),
      ],
      [`! replace -f -`, /pod updates may not change fields/, pod("tagged")],
    ]);
    await k.ok`delete pod tagged --now`;
  });
  test("an editor that changes nothing, and one that makes a patch", async () => {
    const folder = folderOf({
      "nothing.sh": "#!/bin/sh\n:\n",
      "change.sh": '#!/bin/sh\nsed -i "s/key: old/key: new/" "$1"\n',
    });
    await conversation(k, [
      ["create configmap edited --from-literal=key=old"],
      [`KUBE_EDITOR=${folder}/nothing.sh edit cm edited`, ""],
      [`KUBE_EDITOR=${folder}/change.sh edit cm edited --output-patch`, /"key":"new"/],
      ["get cm edited -o jsonpath={.data.key}", "new"],
      [`KUBE_EDITOR=cat edit ns --windows-line-endings`, /kind: List\r\n/],
    ]);
  });
  test("ConfigMaps: literals, files, environment files, bytes, hashes", async () => {
    const folder = folderOf({ "a.conf": "x=1\n", "b.env": "ONE=1\nTWO=2\n" });
    await conversation(k, [
      [`create cm from-file --from-file=${folder}/a.conf`, "configmap/from-file created"],
      ["get cm from-file -o jsonpath={.data}", '{"a.conf":"x=1\\n"}'],
      [`create cm from-env --from-env-file=${folder}/b.env`, "configmap/from-env created"],
      ["get cm from-env -o jsonpath={.data}", '{"ONE":"1","TWO":"2"}'],
      ["create cm hashed --from-literal=a=b --append-hash", /^configmap\/hashed-\w{10} created$/],
      ["describe cm from-env", /\nData\n====\nONE:\n----\n1\n/],
      ["! create cm bad --from-literal=a/b=c", /invalid|not a valid key/],
      [
        "! apply -f -",
        /data\[\]: Invalid value: "": a valid config key/,
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"no-key"},"data":{"":"x"}}',
      ],
    ]);
  });
  test("Secrets: types, stringData, immutable, TLS, registries", async () => {
    const folder = folderOf({ "tls.crt": certificate, "tls.key": "no key\n" });
    await conversation(k, [
      ["create secret generic typed --type=example.com/own --from-literal=a=b"],
      ["get secret typed -o jsonpath={.type}:{.data.a}", "example.com/own:Yg=="],
      [
        "create secret docker-registry pull --docker-server=x.example --docker-username=u --docker-password=p",
        "secret/pull created",
      ],
      ["get secret pull -o jsonpath={.type}", "kubernetes.io/dockerconfigjson"],
      [`! create secret tls pair --cert=${folder}/tls.crt --key=${folder}/tls.key`, /tls:/],
      [
        "apply -f -",
        "secret/plain created",
        '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"plain"},"stringData":{"k":"v"},"immutable":true}',
      ],
      ["get secret plain -o jsonpath={.data.k}{.stringData}", "dg=="],
      [`! patch secret plain -p '{"stringData":{"k":"w"}}'`, /field is immutable when/],
      ["describe secret plain", /\nType: +Opaque\n\nData\n====\nk: +1 bytes/],
    ]);
  });
  test("Services: made of every type, selectors set, replaced, exposed", async () => {
    await conversation(k, [
      ["create service clusterip quiet --clusterip=None", "service/quiet created"],
      ["create service nodeport seen --tcp=80:8080 --node-port=30123"],
      ["! create service nodeport again --tcp=80 --node-port=30123", /port is already allocated/],
      ["create service externalname away --external-name=example.com", "service/away created"],
      ["create service loadbalancer broad --tcp=80 --dry-run=server", /server dry run/],
      ["set selector service seen role=a --dry-run=server -o name", "service/seen"],
      ["set selector service seen role=a", "service/seen selector updated"],
      ["get service seen -o jsonpath={.spec.selector}", '{"role":"a"}'],
      ["! set selector service seen role=b --resource-version=1", /object has been modified/],
      [`! patch svc seen -p '{"spec":{"clusterIP":"10.96.0.77"}}'`, /may not change once set/],
      ["create -f -", "pod/behind created", pod("behind")],
      ["expose pod behind --port=443 --target-port=8443", "service/behind exposed"],
      ["expose service behind --name=before --port=80", "service/before exposed"],
      [
        "get service before -o jsonpath={.spec.ports[0].port}:{.spec.ports[0].targetPort}:{.spec.selector.name}",
        "80:80:behind",
      ],
      ["! expose node worker-1 --port=80", /cannot expose a/],
      [`! expose pod behind --port=80 --name=${"x".repeat(64)}`, /must be no more than 63/],
      ["describe service behind", /\nSelector: +name=behind\n/],
      ["delete service before behind seen quiet away", /(service .* deleted.*\n?){5}/],
    ]);
    const again = await k.ok`get service kubernetes -o json`;
    expect(await k.with(again)`replace -f -`).toBe("service/kubernetes replaced");
  });
  test("disruption budgets, priority classes, quotas, service accounts", async () => {
    await conversation(k, [
      ["create pdb half --selector=app=a --min-available=50%", /created/],
      ["create pdb few --selector=app=a --max-unavailable=2", /created/],
      ["get pdb half few -o jsonpath={.items[*].spec}", /"minAvailable":"50%".*"maxUnavailable":2/],
      [
        "! create pdb both --selector=app=a --min-available=1 --max-unavailable=1",
        /cannot be both specified/,
      ],
      ["create priorityclass usual --value=7 --preemption-policy=Never", /created/],
      ["get pc usual -o jsonpath={.preemptionPolicy}:{.globalDefault}", "Never:"],
      ["! create quota some --hard=secrets=9 --scopes=BestEffort", /unsupported scope applied/],
      ["create quota some --hard=pods=30 --scopes=BestEffort", "resourcequota/some created"],
      ["describe quota some", /\nScopes: +BestEffort\n/],
      ["create sa robot", "serviceaccount/robot created"],
      ["create token robot --duration=10m", /^[\w-]+\.[\w-]+\.[\w-]+$/],
      ["describe sa robot", /^Name: +robot\n/],
      ["delete pdb --all"],
    ]);
  });
  test("volumes, claims and classes: columns, deletion, and what is kept while it is used", async () => {
    const kind = (name: string, metadata: string, spec: object): string =>
      JSON.stringify({ apiVersion: "v1", kind: name, metadata: { name: metadata }, spec });
    const size = { accessModes: ["ReadWriteOnce"] };
    await conversation(k, [
      [
        "create -f -",
        "persistentvolume/disk created",
        kind("PersistentVolume", "disk", {
          ...size,
          capacity: { storage: "3Gi" },
          hostPath: { path: "/d" },
        }),
      ],
      ["get pv disk --no-headers", /^disk +3Gi +RWO +Retain +(Available|Pending)? /],
      [
        "create -f -",
        "persistentvolumeclaim/want created",
        kind("PersistentVolumeClaim", "want", {
          ...size,
          resources: { requests: { storage: "1Gi" } },
        }),
      ],
      ["describe pvc want", /\nStatus: +Pending\n/],
      [
        "create -f -",
        "storageclass.storage.k8s.io/fast created",
        '{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"fast","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"example.com/fast"}',
      ],
      ["get sc --no-headers", /^fast \(default\) +example.com\/fast +Delete +Immediate +false /],
      ["get storageclass fast -o jsonpath={.volumeBindingMode}", "Immediate"],
      ["delete pvc want", /deleted/],
      ["delete pv disk -n other", /^warning: .*cluster-scoped|deleted/],
      ["delete sc fast", /deleted/],
    ]);
  });
  test("Jobs and CronJobs: made, described, one from the other", async () => {
    await conversation(k, [
      ["create cronjob tick --image=busybox:1.36 --schedule='0 0 1 1 *' -- date"],
      ["describe cronjob tick", /\nSchedule: +0 0 1 1 \*\n(.*\n)*Concurrency Policy: +Allow\n/],
      ["create job once --from=cronjob/tick --dry-run=server", /server dry run/],
      ["create job once --from=cronjob/tick", "job.batch/once created"],
      ["get job once -o jsonpath={.metadata.ownerReferences[0].kind}", "CronJob"],
      ["describe job once", /\nParallelism: +1\nCompletions: +1\n/],
      ["! create cronjob bad --image=x --schedule='* *' -- date", /spec.schedule: Invalid value/],
      ["delete job once"],
      ["delete cronjob tick", /deleted/],
    ]);
  });
  test("what is created says who made it, keeps its configuration, and is checked strictly", async () => {
    const twice =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"odd"},"data":{"a":"1","a":"2"},"datum":{}}';
    await conversation(k, [
      ["run saved --image=nginx:1.27 --save-config", "pod/saved created"],
      ["get pod saved -o yaml", /last-applied-configuration/],
      [`get pod saved ${managers}`, /^kubectl-run/],
      ["set image pod/saved saved=nginx:1.28", "pod/saved image updated"],
      [
        "! create -f -",
        /strict decoding error: unknown field "datum", duplicate field "data.a"|unknown field|duplicate field/,
        twice,
      ],
      ["create -f - --validate=ignore", "configmap/odd created", twice],
      ["get cm odd -o jsonpath={.data.a}", "2"],
      ["! create -f - --validate=perhaps", /invalid - validate option/, twice],
      [
        "create -f - -l wanted=yes",
        "pod/yes created",
        `${pod("yes", { wanted: "yes" })}\n---\n${pod("no", { wanted: "no" })}`,
      ],
      ["get pod no --ignore-not-found", ""],
      ["! create --raw /api/v1/namespaces -f - --edit", /mutually exclusive/, "{}"],
      [
        "create --raw /api/v1/namespaces/default/configmaps -f -",
        /"name":"raw"/,
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"}}',
      ],
      ["delete --raw /api/v1/namespaces/default/configmaps/raw", /"status":"Success"/],
      [
        "run both --image=nginx:1.27 --port=80 --expose --dry-run=server",
        "service/both created (server dry run)\npod/both created (server dry run)",
      ],
      ["! run bad/name --image=nginx", /Invalid value|invalid/],
      ["! run odd --image='a b'", /Invalid image name/],
    ]);
  });
  test("namespaces: one's own contents, another's not; several at once", async () => {
    await conversation(k, [
      ["create ns team-x", "namespace/team-x created"],
      ["create -n team-x -f -", "pod/alone created", pod("alone")],
      ["! get pod alone", 'Error from server (NotFound): pods "alone" not found'],
      ["get pods -A --field-selector metadata.name=alone -o name", "pod/alone"],
      [
        "! create -f - -n team-x",
        /the namespace from the provided object "default" does not match/,
        pod("x").replace('"name":"x",', '"name":"x","namespace":"default",'),
      ],
      ["delete ns team-x", /deleted/],
      ["! get ns team-x", 'Error from server (NotFound): namespaces "team-x" not found'],
      ["! create cm late -n team-x", /namespaces "team-x" not found/],
    ]);
  });
});
