/** Who may do what, by kubectl. Cf. upstream test/cmd/{auth_whoami,authentication,authorization,rbac,certificate,kubeconfig}.sh, legacy-script.sh. */
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { conversation, folderOf } from "#test/support/conversation.ts";
import { type Session, session } from "#test/support/session.ts";
import { samples } from "#test/apiserver/samples.ts";

const request = JSON.stringify({
  apiVersion: "certificates.k8s.io/v1",
  kind: "CertificateSigningRequest",
  metadata: { name: "asked" },
  ...samples["certificates.k8s.io/v1/CertificateSigningRequest"],
});

describe("access", () => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 0 }));
  });
  const subjects = "-o 'jsonpath={range .subjects[*]}{.kind} {.namespace}/{.name}{end}'";

  test("ClusterRoles: verbs, groups, subresources, paths, names, parts of others", async () => {
    const rules = "-o jsonpath={.rules}";
    await conversation(k, [
      ["create clusterrole all --verb=* --resource=pods --dry-run=server", /server dry run/],
      ["create clusterrole all --verb=* --resource=pods", /created/],
      [`get clusterrole all ${rules}`, '[{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}]'],
      ["create clusterrole two --verb=get,list --resource=pods/status,deployments.apps"],
      [`get clusterrole two ${rules}`, /"resources":\["pods\/status"\].*"apiGroups":\["apps"\]/],
      [
        "create clusterrole named --verb=get --resource=secrets --resource-name=a --resource-name=b",
      ],
      [`get clusterrole named ${rules}`, /"resourceNames":\["a","b"\]/],
      ["create clusterrole paths --verb=get --non-resource-url=/logs/*,/healthz/*"],
      [`get clusterrole paths ${rules}`, /"nonResourceURLs":\["\/logs\/\*","\/healthz\/\*"\]/],
      ["create clusterrole sum --aggregation-rule=part=yes", /created/],
      ["! create clusterrole bad --verb=fly --resource=nosuch", /doesn't have a resource type/],
      [
        "describe clusterrole named",
        /secrets +\[\] +\[a\] +\[get\]|secrets +\[\] +\[a b\]? +\[get\]|Resource Names/,
      ],
      ["delete clusterrole all -n other", /deleted/],
    ]);
  });
  test("bindings: users, groups, accounts, changed by set subject", async () => {
    await conversation(k, [
      ["create clusterrolebinding both --clusterrole=view --user=ann --user=bob --group=ops"],
      [`get clusterrolebinding both ${subjects}`, "User /annUser /bobGroup /ops"],
      ["set subject clusterrolebinding both --user=eve --dry-run=server", /server dry run/],
      ["set subject clusterrolebinding both --user=eve --serviceaccount=a:b"],
      [
        `get clusterrolebinding both ${subjects}`,
        "User /annUser /bobGroup /opsUser /eveServiceAccount a/b",
      ],
      ["create role reader --verb=get,watch --resource=pods", /created/],
      ["create rolebinding readers --role=reader --serviceaccount=default:robot"],
      [`get rolebinding readers ${subjects}`, "ServiceAccount default/robot"],
      ["set subject rolebinding --all --user=all"],
      [`get rolebinding readers ${subjects}`, "ServiceAccount default/robotUser /all"],
      [`! patch rolebinding readers -p '{"roleRef":{"name":"other"}}'`, /cannot change roleRef/],
      [
        "! create role odd --verb=get --resource=rs.nosuch/scale",
        /doesn't have a resource type "rs" in group "nosuch"/,
      ],
      ["delete clusterrolebinding both"],
    ]);
  });
  test("auth can-i: words, subresources, paths, lists, and what it warns of", async () => {
    await conversation(k, [
      ["auth can-i * *", "yes"],
      ["auth can-i get pods --subresource=log", "yes"],
      ["auth can-i get /logs/", "yes"],
      ["auth can-i list jobs.batch/bar -n foo --quiet", ""],
      [
        "! auth can-i get /logs/ --subresource=log",
        /subresource can not be used with NonResourceURL/,
      ],
      ["! auth can-i get pods --as=nobody"],
      ["auth can-i get pods --as=all", "yes"],
      ["! auth can-i delete pods --as=all --quiet", ""],
      ["auth can-i --list --as=all", /pods +\[\] +\[\] +\[get watch\]/],
    ]);
    expect((await k.any`auth can-i get nodes`).stderr).toContain(
      "Warning: resource 'nodes' is not namespace scoped",
    );
    const { stderr } = await k.any`auth can-i get foo`;
    expect(stderr).toContain("Warning: the server doesn't have a resource type 'foo'");
    expect((await k.any`auth can-i get nodes -A`).stderr).toBe("");
  });
  test("auth reconcile makes roles and bindings what they should be, and keeps what is more", async () => {
    const role = (verbs: readonly string[]): string =>
      JSON.stringify({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "kept", namespace: "default", labels: { by: "auth" } },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs }],
      });
    await conversation(
      k,
      [
        ["auth reconcile -f - --dry-run=client", /kept reconciled/, role(["get"])],
        ["get roles -l by=auth -o name", ""],
        ["auth reconcile -f -", /kept reconciled/, role(["get"])],
        ["auth reconcile -f -", /kept reconciled/, role(["list"])],
        ["get role kept -o jsonpath={.rules[*].verbs}", /get.*list/],
        ["auth reconcile -f - --remove-extra-permissions", /kept reconciled/, role(["list"])],
        ["get role kept -o jsonpath={.rules[*].verbs}", '["list"]'],
        [
          "! auth reconcile -f -",
          /only rbac.authorization.k8s.io\/v1 is supported/,
          role(["get"]).replace("io/v1", "io/v1beta1"),
        ],
      ].filter(([typed]) => typed !== "auth can-i get pods --as=x") as never,
    );
  });
  test("impersonation: user, groups, uid and extra are seen by the API, each for itself", async () => {
    const seen = "-o jsonpath={.spec.username}:{.spec.uid}:{.spec.groups}:{.spec.extra}";
    await conversation(k, [
      [
        "! get pods --as-group=foo",
        /^error: requesting uid, groups or user-extra for .* without impersonating a user/,
      ],
      [
        "! get pods --as-uid=abc",
        /^error: requesting uid, groups or user-extra for .* without impersonating a user/,
      ],
      ["create clusterrole asking --verb=create --resource=certificatesigningrequests"],
      ["create clusterrolebinding asking --clusterrole=asking --group=system:authenticated"],
      ["create -f - --as=ann --as-group=one --as-group=,,two --as-uid=7", /asked created/, request],
      [`get csr asked ${seen}`, 'ann:7:["one",",,two","system:authenticated"]:'],
      ["delete csr asked"],
      [
        "auth whoami --as=ann --as-group=ops",
        /Username +ann\nGroups +\[ops system:authenticated\]/,
      ],
      ["auth whoami -o jsonpath={.status.userInfo.username}", "kubernetes-admin"],
      [
        "! get secrets --as=ann",
        /User "ann" cannot list resource "secrets" in API group "" in the namespace "default"/,
      ],
    ]);
  });
  test("certificates: approved, denied, once and for all", async () => {
    const conditions = "get csr asked -o jsonpath={.status.conditions[*].type}";
    await conversation(k, [
      ["create -f -", /asked created/, request],
      [conditions, ""],
      ["certificate approve asked", /approved/],
      [conditions, "Approved"],
      ["! certificate deny asked", /approved|Denied|may not/i],
      ["delete csr asked"],
      ["create -f -", /asked created/, request],
      ["certificate deny -f -", /denied/, request],
      [conditions, "Denied"],
      ["get csr asked --no-headers", /Denied$/],
      ["delete -f -", /deleted/, request],
    ]);
  });
  // kubectl sends no token over http, and this server has no https of its own.
  test("a kubeconfig: what does not exist, clusters, users and contexts, a namespace of its own", async () => {
    const folder = folderOf({ "ca.crt": "no certificate\n" });
    const config = `--kubeconfig=${folder}/config`;
    await conversation(k, [
      ["! get pods --kubeconfig=/none", /no such file or directory/],
      ["! get pods --context=none", /context "none" does not exist|context was not found/],
      ["! get pods --cluster=none", /no server found|does not exist/],
      ["! get pods --user=none", /auth info "none" does not exist/],
      [`config set-cluster here --server=${k.cluster.url} ${config}`, 'Cluster "here" set.'],
      [`config set-credentials robot --token=secret ${config}`, 'User "robot" set.'],
      [
        `config set-context one --cluster=here --user=robot --namespace=kube-system ${config}`,
        'Context "one" created.',
      ],
      [`config use-context one ${config}`, 'Switched to context "one".'],
      [
        `config view --minify ${config} -o jsonpath={.contexts[0].context.namespace}`,
        "kube-system",
      ],
      [`get sa coredns -o name ${config}`, "serviceaccount/coredns"],
      [`config set clusters.here.certificate-authority ${folder}/ca.crt ${config}`, /set\.$/],
      [`config set-cluster here --embed-certs --certificate-authority=${folder}/ca.crt ${config}`],
      [
        `config view --raw ${config} -o jsonpath={.clusters[0].cluster.certificate-authority-data}`,
        btoa("no certificate\n"),
      ],
      [`config unset users.robot ${config}`, 'Property "users.robot" unset.'],
      [`config get-contexts -o name ${config}`, "one"],
      [`config delete-context one ${config}`, /deleted context one/],
      [`! config use-context one ${config}`, /no context exists with the name: "one"/],
    ]);
  });
  test("reviews as the API takes them, with no namespace and no content type", async () => {
    const answer = await fetch(
      `${k.cluster.url}/apis/authorization.k8s.io/v1/subjectaccessreviews`,
      {
        method: "POST",
        headers: { "content-type": "" },
        body: JSON.stringify({
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: {
            user: "all",
            resourceAttributes: { namespace: "default", verb: "get", resource: "pods" },
          },
        }),
      },
    );
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ status: { allowed: true } });
  });
});
