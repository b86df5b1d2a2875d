"""What the Python client does in real life, against the cluster of the kubeconfig in argv[1]; one line a check."""
import sys
import urllib3

from kubernetes import client, config, utils, watch
from kubernetes.client.rest import ApiException

urllib3.disable_warnings()
config.load_kube_config(sys.argv[1])
core, apps, batch = client.CoreV1Api(), client.AppsV1Api(), client.BatchV1Api()
space = "python"


def check(name, holds):
    print(("ok   " if holds else "FAIL ") + name, flush=True)


core.create_namespace({"metadata": {"name": space}})
check("lists nodes as typed objects", core.list_node().items[0].status.node_info.kubelet_version.startswith("v1."))
made = core.create_namespaced_config_map(space, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="a"), data={"k": "v"}))
check("creates from a model", made.data == {"k": "v"} and made.metadata.uid is not None)
made.data["k"] = "w"
check("replaces with the version it read", core.replace_namespaced_config_map("a", space, made).data["k"] == "w")
try:
    core.replace_namespaced_config_map("a", space, made)
    check("a stale version is a 409", False)
except ApiException as refused:
    check("a stale version is a 409", refused.status == 409 and refused.reason == "Conflict")
check("patches", core.patch_namespaced_config_map("a", space, {"data": {"x": "y"}}).data == {"k": "w", "x": "y"})
try:
    core.read_namespaced_config_map("none", space)
    check("a missing object is a 404 with a Status", False)
except ApiException as missing:
    check("a missing object is a 404 with a Status", missing.status == 404 and '"reason":"NotFound"' in missing.body.replace(" ", ""))

template = {"metadata": {"labels": {"app": "p"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
apps.create_namespaced_deployment(space, {"metadata": {"name": "p"}, "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "p"}}, "template": template}})
seen = []
for event in watch.Watch().stream(core.list_namespaced_pod, space, label_selector="app=p", timeout_seconds=60):
    pod = event["object"]
    if any(c.type == "Ready" and c.status == "True" for c in pod.status.conditions or []):
        seen.append(pod.metadata.name)
    if len(set(seen)) == 2:
        break
check("watches two Pods become Ready", len(set(seen)) == 2)
check("reads logs", isinstance(core.read_namespaced_pod_log(sorted(set(seen))[0], space), str))
check("scales by the subresource", apps.patch_namespaced_deployment_scale("p", space, {"spec": {"replicas": 1}}).spec.replicas == 1)
check("pages with limit and continue", core.list_namespaced_event(space, limit=1).metadata._continue is not None)

pods = core.list_namespaced_pod(space, label_selector="app=p").items
core.delete_namespaced_pod(pods[0].metadata.name, space)
check("deletes with grace", core.list_namespaced_pod(space).items is not None)
utils.create_from_dict(client.ApiClient(), {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox:1.36", "command": ["true"]}]}}}}, namespace=space)
check("creates from a dictionary", batch.read_namespaced_job("j", space).spec.backoff_limit == 6)

rights = client.AuthorizationV1Api().create_self_subject_access_review({"spec": {"resourceAttributes": {"verb": "create", "resource": "pods", "namespace": space}}})
check("asks for its rights", rights.status.allowed is True)
check("discovers the groups", "apps" in [g.name for g in client.ApisApi().get_api_versions().groups])
check("knows the version", client.VersionApi().get_code().major == "1")

crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "pies.bakery.example"}, "spec": {"group": "bakery.example", "scope": "Namespaced", "names": {"plural": "pies", "kind": "Pie"}, "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "properties": {"fruit": {"type": "string"}}}}}}}]}}
client.ApiextensionsV1Api().create_custom_resource_definition(crd)
for event in watch.Watch().stream(client.ApiextensionsV1Api().list_custom_resource_definition, field_selector="metadata.name=pies.bakery.example", timeout_seconds=30):
    if any(c.type == "Established" and c.status == "True" for c in event["object"].status.conditions or []):
        break
custom = client.CustomObjectsApi()
custom.create_namespaced_custom_object("bakery.example", "v1", space, "pies", {"apiVersion": "bakery.example/v1", "kind": "Pie", "metadata": {"name": "apple"}, "spec": {"fruit": "apple"}})
check("custom objects", custom.get_namespaced_custom_object("bakery.example", "v1", space, "pies", "apple")["spec"] == {"fruit": "apple"})
version = core.list_namespace().metadata.resource_version
core.delete_namespace(space)
events = watch.Watch().stream(core.list_namespace, field_selector="metadata.name=" + space, resource_version=version, timeout_seconds=60)
check("a namespace ends", any(event["type"] == "DELETED" for event in events))
