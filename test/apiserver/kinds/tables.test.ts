/** Rows of kubectl's tables, wide columns too. Upstream: pkg/printers/internalversion/printers_test.go. */
import { describe, expect, it, test } from "vitest";
import fieldDocs from "#apimachinery/api/field-docs.json" with { type: "json" };
import { tableOf } from "#apiserver/front/table.ts";
import { kinds } from "#apiserver/kinds/registry.ts";
import { scaleColumns } from "#apiserver/kinds/autoscaling/scale.ts";
import { ageColumn, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Json } from "#test/support/api.ts";

const nowMs = Date.parse("2026-01-02T00:00:00Z");
const template = {
  spec: {
    containers: [
      { name: "a", image: "one" },
      { name: "b", image: "two" },
    ],
  },
};
const selector = { matchLabels: { app: "web" } };

const shown = (gvk: string, given: Json): Json => {
  const kind = kinds.find((one) => one.gvk === gvk)!;
  const object = {
    ...given,
    metadata: { name: "x", creationTimestamp: "2026-01-01T00:00:00Z", ...given.metadata },
  };
  const options = { version: "v1", include: "None", nowMs, headers: true } as const;
  const asked = { kind, type: "", kindName: gvk } as never;
  return tableOf(asked, [object], {}, options);
};
/** Name → cell; wide ones begin with `+`. */
const row = (gvk: string, given: Json): Json => {
  const { columnDefinitions, rows } = shown(gvk, given);
  return Object.fromEntries(
    columnDefinitions.map(({ name, priority }: Json, i: number) => [
      priority === 0 ? name : `+${name}`,
      rows[0].cells[i],
    ]),
  );
};
const wide = { "+Containers": "a,b", "+Images": "one,two" };

test.each<[string, Json, Json]>([
  [
    "apps/v1/Deployment",
    {
      spec: { replicas: 5, template, selector },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    },
    {
      Name: "x",
      Ready: "2/5",
      "Up-to-date": 3,
      Available: 1,
      Age: "24h",
      ...wide,
      "+Selector": "app=web",
    },
  ],
  [
    "apps/v1/ReplicaSet",
    { spec: { replicas: 5, template, selector }, status: { replicas: 4, readyReplicas: 2 } },
    { Name: "x", Desired: 5, Current: 4, Ready: 2, Age: "24h", ...wide, "+Selector": "app=web" },
  ],
  [
    "apps/v1/StatefulSet",
    { spec: { replicas: 5, template, selector }, status: { replicas: 4, readyReplicas: 2 } },
    { Name: "x", Ready: "2/5", Age: "24h", ...wide },
  ],
  [
    "apps/v1/DaemonSet",
    {
      spec: {
        template: { spec: { ...template.spec, nodeSelector: { b: "2", a: "1" } } },
        selector,
      },
      status: {
        desiredNumberScheduled: 5,
        currentNumberScheduled: 4,
        numberReady: 3,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
    },
    {
      Name: "x",
      Desired: 5,
      Current: 4,
      Ready: 3,
      "Up-to-date": 2,
      Available: 1,
      "Node Selector": "a=1,b=2",
      Age: "24h",
      ...wide,
      "+Selector": "app=web",
    },
  ],
  [
    "apps/v1/ControllerRevision",
    {
      metadata: {
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", controller: true },
        ],
      },
      revision: 3,
    },
    { Name: "x", Controller: "daemonset.apps/agent", Revision: 3, Age: "24h" },
  ],
  [
    "apps/v1/ControllerRevision",
    { revision: 1 },
    { Name: "x", Controller: "<none>", Revision: 1, Age: "24h" },
  ],
  [
    "v1/ReplicationController",
    {
      spec: { replicas: 5, template, selector: { app: "web" } },
      status: { replicas: 4, readyReplicas: 2 },
    },
    { Name: "x", Desired: 5, Current: 4, Ready: 2, Age: "24h", ...wide, "+Selector": "app=web" },
  ],
  [
    "batch/v1/Job",
    {
      spec: { completions: 3, template, selector },
      status: { succeeded: 1, startTime: "2026-01-01T23:58:30Z" },
    },
    {
      Name: "x",
      Status: "Running",
      Completions: "1/3",
      Duration: "90s",
      Age: "24h",
      ...wide,
      "+Selector": "app=web",
    },
  ],
  [
    "batch/v1/Job",
    {
      spec: { parallelism: 2, template },
      status: {
        startTime: "2026-01-01T00:00:00Z",
        completionTime: "2026-01-01T00:00:05Z",
        succeeded: 2,
        conditions: [{ type: "Complete", status: "True" }],
      },
    },
    {
      Name: "x",
      Status: "Complete",
      Completions: "2/1 of 2",
      Duration: "5s",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  [
    "batch/v1/Job",
    {
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: { suspend: true, template },
      status: { conditions: [{ type: "Suspended", status: "True" }] },
    },
    {
      Name: "x",
      Status: "Terminating",
      Completions: "0/1",
      Duration: "",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  [
    "batch/v1/CronJob",
    {
      spec: {
        schedule: "@hourly",
        timeZone: "Europe/Zurich",
        suspend: false,
        jobTemplate: { spec: { template } },
      },
      status: { active: [{}, {}], lastScheduleTime: "2026-01-01T23:00:00Z" },
    },
    {
      Name: "x",
      Schedule: "@hourly",
      Timezone: "Europe/Zurich",
      Suspend: "False",
      Active: 2,
      "Last Schedule": "60m",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  [
    "batch/v1/CronJob",
    { spec: { schedule: "@hourly", jobTemplate: { spec: { template } } } },
    {
      Name: "x",
      Schedule: "@hourly",
      Timezone: "<none>",
      Suspend: "<unset>",
      Active: 0,
      "Last Schedule": "<none>",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  ["v1/ServiceAccount", { secrets: [{ name: "a" }] }, { Name: "x", Age: "24h" }],
  [
    "v1/Secret",
    { type: "Opaque", data: { a: "", b: "" } },
    { Name: "x", Type: "Opaque", Data: 2, Age: "24h" },
  ],
  [
    "v1/ConfigMap",
    { data: { a: "" }, binaryData: { b: "", c: "" } },
    { Name: "x", Data: 3, Age: "24h" },
  ],
  [
    "v1/Namespace",
    { status: { phase: "Terminating" } },
    { Name: "x", Status: "Terminating", Age: "24h" },
  ],
  [
    "v1/Endpoints",
    {
      subsets: [
        { addresses: [{ ip: "1.1.1.1" }, { ip: "2.2.2.2" }], ports: [{ port: 80 }, { port: 81 }] },
      ],
    },
    { Name: "x", Endpoints: "1.1.1.1:80,2.2.2.2:80,1.1.1.1:81 + 1 more...", Age: "24h" },
  ],
  ["v1/Endpoints", {}, { Name: "x", Endpoints: "<none>", Age: "24h" }],
  [
    "v1/PodTemplate",
    { template: { ...template, metadata: { labels: { app: "web" } } } },
    { Name: "x", Containers: "a,b", Images: "one,two", "Pod Labels": "app=web" },
  ],
  [
    "v1/Event",
    {
      involvedObject: { kind: "Pod", name: "web", fieldPath: "spec.containers{a}" },
      type: "Normal",
      reason: "Pulled",
      message: " Container image \n",
      source: { component: "kubelet", host: "worker-1" },
      firstTimestamp: "2026-01-01T23:00:00Z",
      lastTimestamp: "2026-01-01T23:59:00Z",
      count: 3,
    },
    {
      "Last Seen": "60s",
      Type: "Normal",
      Reason: "Pulled",
      Object: "pod/web",
      "+Subobject": "spec.containers{a}",
      "+Source": "kubelet, worker-1",
      Message: "Container image",
      "+First Seen": "60m",
      "+Count": 3,
      "+Name": "x",
    },
  ],
  [
    "autoscaling/v2/HorizontalPodAutoscaler",
    {
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 9 },
      status: { currentReplicas: 4 },
    },
    {
      Name: "x",
      Reference: "Deployment/web",
      Targets: "<none>",
      MinPods: "<unset>",
      MaxPods: 9,
      Replicas: 4,
      Age: "24h",
    },
  ],
  [
    "autoscaling/v2/HorizontalPodAutoscaler",
    {
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web" },
        minReplicas: 2,
        maxReplicas: 9,
        metrics: [
          { type: "Pods", pods: { target: { type: "AverageValue", averageValue: "100m" } } },
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
          { type: "External", external: { target: { type: "AverageValue", averageValue: "1" } } },
        ],
      },
      status: { currentMetrics: [{ type: "Pods", pods: { current: { averageValue: "50m" } } }] },
    },
    {
      Name: "x",
      Reference: "Deployment/web",
      Targets: "50m/100m, cpu: <unknown>/80% + 1 more...",
      MinPods: "2",
      MaxPods: 9,
      Replicas: 0,
      Age: "24h",
    },
  ],
  [
    "v1/Event",
    {
      involvedObject: { kind: "Pod" },
      series: { count: 6, lastObservedTime: "2026-01-01T22:00:00.000000Z" },
      eventTime: "2026-01-01T21:00:00.000000Z",
      reportingComponent: "kubelet",
      reportingInstance: "worker-2",
    },
    {
      "Last Seen": "120m",
      Type: "",
      Reason: "",
      Object: "pod",
      "+Subobject": "",
      "+Source": "kubelet, worker-2",
      Message: "",
      "+First Seen": "3h",
      "+Count": 6,
      "+Name": "x",
    },
  ],
  [
    "v1/Endpoints",
    { subsets: [{ addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }] },
    { Name: "x", Endpoints: "[fd00::1]:80", Age: "24h" },
  ],
  [
    "v1/Endpoints",
    { subsets: [{ notReadyAddresses: [{ ip: "1.1.1.1" }], ports: [{ port: 80 }] }] },
    { Name: "x", Endpoints: "", Age: "24h" },
  ],
  [
    "v1/Node",
    {
      metadata: {
        labels: { "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "edge", other: "" },
      },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "False" }],
        addresses: [
          { type: "Hostname", address: "x" },
          { type: "InternalIP", address: "1.1.1.1" },
        ],
        nodeInfo: { kubeletVersion: "v1.36.2", kernelVersion: "6.1", architecture: "arm64" },
      },
    },
    {
      Name: "x",
      Status: "NotReady,SchedulingDisabled",
      Roles: "edge,worker",
      Age: "24h",
      Version: "v1.36.2",
      "+Internal-IP": "1.1.1.1",
      "+External-IP": "<none>",
      "+OS-Image": "<unknown>",
      "+Kernel-Version": "6.1 (arm64)",
      "+Container-Runtime": "<unknown>",
    },
  ],
  [
    "v1/Service",
    {
      spec: {
        type: "LoadBalancer",
        clusterIP: "10.0.0.1",
        externalIPs: ["9.9.9.9"],
        ports: [
          { port: 80, nodePort: 30080, protocol: "TCP" },
          { port: 53, protocol: "UDP" },
        ],
        selector: { b: "2", a: "1" },
      },
      status: {
        loadBalancer: {
          ingress: [{ ip: "3.3.3.3" }, { hostname: "2.example" }, { ip: "3.3.3.3" }],
        },
      },
    },
    {
      Name: "x",
      Type: "LoadBalancer",
      "Cluster-IP": "10.0.0.1",
      "External-IP": "2.example,3.3.3.3,9.9.9.9",
      "Port(s)": "80:30080/TCP,53/UDP",
      Age: "24h",
      "+Selector": "a=1,b=2",
    },
  ],
  [
    "v1/Service",
    { spec: { type: "ExternalName", externalName: "db.example" } },
    {
      Name: "x",
      Type: "ExternalName",
      "Cluster-IP": "<none>",
      "External-IP": "db.example",
      "Port(s)": "<none>",
      Age: "24h",
      "+Selector": "<none>",
    },
  ],
  [
    "v1/ResourceQuota",
    {
      status: {
        hard: { pods: "3", "limits.cpu": "2", "requests.cpu": "1" },
        used: { pods: "1", "limits.cpu": "0" },
      },
    },
    { Name: "x", Request: "pods: 1/3, requests.cpu: 0/1", Limit: "limits.cpu: 0/2", Age: "24h" },
  ],
  [
    "v1/ComponentStatus",
    { conditions: [{ type: "Healthy", status: "True", message: "ok" }] },
    { Name: "x", Status: "Healthy", Message: "ok", Error: "" },
  ],
  [
    "v1/PersistentVolume",
    {
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: {
        accessModes: ["ReadOnlyMany", "ReadWriteOnce"],
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace: "default", name: "data" },
        storageClassName: "slow",
      },
      status: { phase: "Bound" },
    },
    {
      Name: "x",
      Capacity: "0",
      "Access Modes": "RWO,ROX",
      "Reclaim Policy": "Retain",
      Status: "Terminating",
      Claim: "default/data",
      StorageClass: "slow",
      VolumeAttributesClass: "<unset>",
      Reason: "",
      Age: "24h",
      "+VolumeMode": "<unset>",
    },
  ],
  [
    "v1/PersistentVolumeClaim",
    {
      spec: { volumeName: "pv", volumeMode: "Block", accessModes: ["ReadWriteOnce"] },
      status: { phase: "Pending", accessModes: ["ReadWriteMany"] },
    },
    {
      Name: "x",
      Status: "Pending",
      Volume: "pv",
      Capacity: "0",
      "Access Modes": "RWX",
      StorageClass: "",
      VolumeAttributesClass: "<unset>",
      Age: "24h",
      "+VolumeMode": "Block",
    },
  ],
  [
    "v1/PersistentVolumeClaim",
    { spec: { accessModes: ["ReadWriteOnce"] }, status: { phase: "Lost" } },
    {
      Name: "x",
      Status: "Lost",
      Volume: "",
      Capacity: "",
      "Access Modes": "",
      StorageClass: "",
      VolumeAttributesClass: "<unset>",
      Age: "24h",
      "+VolumeMode": "<unset>",
    },
  ],
  [
    "policy/v1/PodDisruptionBudget",
    { spec: { minAvailable: "20%" }, status: { disruptionsAllowed: 5 } },
    {
      Name: "x",
      "Min Available": "20%",
      "Max Unavailable": "N/A",
      "Allowed Disruptions": 5,
      Age: "24h",
    },
  ],
  [
    "networking.k8s.io/v1/Ingress",
    {
      spec: { rules: [{ host: "a" }, { host: "b" }, {}, { host: "c" }, {}], tls: [{}] },
      status: { loadBalancer: { ingress: [{ ip: "2.2.2.2" }, { hostname: "1.example" }] } },
    },
    {
      Name: "x",
      Class: "<none>",
      Hosts: "a,b,c + 2 more...",
      Address: "1.example,2.2.2.2",
      Ports: "80, 443",
      Age: "24h",
    },
  ],
  [
    "networking.k8s.io/v1/Ingress",
    { spec: { ingressClassName: "nginx", rules: [{}, { host: "a" }] } },
    { Name: "x", Class: "nginx", Hosts: "a", Address: "", Ports: "80", Age: "24h" },
  ],
  [
    "networking.k8s.io/v1/IngressClass",
    {
      metadata: { annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
      spec: { controller: "acme.io/c", parameters: { kind: "P", apiGroup: "acme.io", name: "p" } },
    },
    { Name: "x (default)", Controller: "acme.io/c", Parameters: "P.acme.io/p", Age: "24h" },
  ],
  [
    "networking.k8s.io/v1/NetworkPolicy",
    { spec: { podSelector: {} } },
    { Name: "x", "Pod-Selector": "<none>", Age: "24h" },
  ],
  [
    "networking.k8s.io/v1/ServiceCIDR",
    { spec: { cidrs: ["10.0.0.0/16", "fd00::/112"] } },
    { Name: "x", CIDRs: "10.0.0.0/16,fd00::/112", Age: "24h" },
  ],
  [
    "networking.k8s.io/v1/IPAddress",
    { spec: { parentRef: { group: "Acme.io", resource: "things", namespace: "n", name: "t" } } },
    { Name: "x", ParentRef: "things.acme.io/n/t" },
  ],
  [
    "discovery.k8s.io/v1/EndpointSlice",
    {
      addressType: "IPv4",
      ports: [{ port: 80 }, { name: "any" }],
      endpoints: [{ addresses: ["1.1.1.1", "2.2.2.2"] }, { addresses: ["3.3.3.3", "4.4.4.4"] }],
    },
    {
      Name: "x",
      AddressType: "IPv4",
      Ports: "80,any",
      Endpoints: "1.1.1.1,2.2.2.2,3.3.3.3 + 1 more...",
      Age: "24h",
    },
  ],
  [
    "discovery.k8s.io/v1/EndpointSlice",
    { addressType: "IPv4", ports: [{ name: "", protocol: "TCP" }] },
    { Name: "x", AddressType: "IPv4", Ports: "<unset>", Endpoints: "<unset>", Age: "24h" },
  ],
  [
    "coordination.k8s.io/v1/Lease",
    { spec: { holderIdentity: "me" } },
    { Name: "x", Holder: "me", Age: "24h" },
  ],
  [
    "scheduling.k8s.io/v1/PriorityClass",
    { value: 7, preemptionPolicy: "Never" },
    { Name: "x", Value: 7, "Global-Default": false, Age: "24h", PreemptionPolicy: "Never" },
  ],
  ["node.k8s.io/v1/RuntimeClass", { handler: "h" }, { Name: "x", Handler: "h", Age: "24h" }],
  [
    "rbac.authorization.k8s.io/v1/RoleBinding",
    {
      roleRef: { kind: "Role", name: "r" },
      subjects: [
        { kind: "User", name: "u" },
        { kind: "User", name: "v" },
        { kind: "ServiceAccount", name: "a", namespace: "n" },
      ],
    },
    {
      Name: "x",
      Role: "Role/r",
      Age: "24h",
      "+Users": "u, v",
      "+Groups": "",
      "+ServiceAccounts": "n/a",
    },
  ],
  [
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
    { roleRef: { kind: "ClusterRole", name: "r" }, subjects: [{ kind: "Group", name: "g" }] },
    {
      Name: "x",
      Role: "ClusterRole/r",
      Age: "24h",
      "+Users": "",
      "+Groups": "g",
      "+ServiceAccounts": "",
    },
  ],
  [
    "certificates.k8s.io/v1/CertificateSigningRequest",
    {
      spec: { signerName: "acme.io/s", username: "u", expirationSeconds: 86_400 * 7 + 3600 },
      status: { conditions: [{ type: "Approved" }], certificate: "c" },
    },
    {
      Name: "x",
      Age: "24h",
      SignerName: "acme.io/s",
      Requestor: "u",
      RequestedDuration: "7d1h",
      Condition: "Approved,Issued",
    },
  ],
  [
    "storage.k8s.io/v1/StorageClass",
    {
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "acme.io/p",
    },
    {
      Name: "x (default)",
      Provisioner: "acme.io/p",
      ReclaimPolicy: "Delete",
      VolumeBindingMode: "Immediate",
      AllowVolumeExpansion: false,
      Age: "24h",
    },
  ],
  [
    "storage.k8s.io/v1/VolumeAttributesClass",
    { driverName: "acme.io" },
    { Name: "x", DriverName: "acme.io", Age: "24h" },
  ],
  [
    "storage.k8s.io/v1/CSIDriver",
    { spec: { tokenRequests: [{ audience: "" }, { audience: "a" }] } },
    {
      Name: "x",
      AttachRequired: true,
      PodInfoOnMount: false,
      StorageCapacity: false,
      TokenRequests: ",a",
      RequiresRepublish: false,
      Modes: "<none>",
      Age: "24h",
    },
  ],
  ["storage.k8s.io/v1/CSINode", { spec: { drivers: [{}] } }, { Name: "x", Drivers: 1, Age: "24h" }],
  [
    "storage.k8s.io/v1/VolumeAttachment",
    { spec: { attacher: "a", source: { persistentVolumeName: "pv" }, nodeName: "n" } },
    { Name: "x", Attacher: "a", PV: "pv", Node: "n", Attached: false, Age: "24h" },
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1/FlowSchema",
    {
      spec: { priorityLevelConfiguration: { name: "all" }, matchingPrecedence: 9 },
      status: { conditions: [{ type: "Dangling", status: "True" }] },
    },
    {
      Name: "x",
      PriorityLevel: "all",
      MatchingPrecedence: 9,
      DistinguisherMethod: "<none>",
      Age: "24h",
      MissingPL: "True",
    },
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration",
    { spec: { type: "Limited", limited: { nominalConcurrencyShares: 47, limitResponse: {} } } },
    {
      Name: "x",
      Type: "Limited",
      NominalConcurrencyShares: 47,
      Queues: "<none>",
      HandSize: "<none>",
      QueueLengthLimit: "<none>",
      Age: "24h",
    },
  ],
  [
    "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
    { webhooks: [{}, {}] },
    { Name: "x", Webhooks: 2, Age: "24h" },
  ],
  [
    "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
    {},
    { Name: "x", Webhooks: 0, Age: "24h" },
  ],
  [
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
    { spec: { validations: [{}], paramKind: { apiVersion: "v1", kind: "ConfigMap" } } },
    { Name: "x", Validations: 1, ParamKind: "v1/ConfigMap", Age: "24h" },
  ],
  [
    "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy",
    { spec: { mutations: [{}] } },
    { Name: "x", Mutations: 1, ParamKind: "<unset>", Age: "24h" },
  ],
  [
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
    {
      spec: {
        policyName: "p",
        paramRef: {
          selector: {
            matchLabels: { b: "2", a: "1" },
            matchExpressions: [{ key: "k", operator: "In", values: ["v", "w"] }],
          },
        },
      },
    },
    {
      Name: "x",
      PolicyName: "p",
      ParamRef:
        "&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[v w],},},}",
      Age: "24h",
    },
  ],
  [
    "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding",
    { spec: { policyName: "p", paramRef: { name: "n" } } },
    { Name: "x", PolicyName: "p", ParamRef: "*/n", Age: "24h" },
  ],
  ["resource.k8s.io/v1/DeviceClass", {}, { Name: "x", Age: "24h" }],
  ["resource.k8s.io/v1/ResourceClaimTemplate", {}, { Name: "x", Age: "24h" }],
  ["resource.k8s.io/v1/ResourceClaim", {}, { Name: "x", State: "pending", Age: "24h" }],
  [
    "resource.k8s.io/v1/ResourceClaim",
    {
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      status: { allocation: {}, reservedFor: [{}] },
    },
    { Name: "x", State: "deleted,allocated,reserved", Age: "24h" },
  ],
  [
    "resource.k8s.io/v1/ResourceSlice",
    { spec: { driver: "d", pool: { name: "p" } } },
    { Name: "x", Node: "", Driver: "d", Pool: "p", Age: "24h" },
  ],
  // Upstream's default, for what has no printer.
  ["v1/LimitRange", {}, { Name: "x", "Created At": "2026-01-01T00:00:00Z" }],
  ["storage.k8s.io/v1/CSIStorageCapacity", {}, { Name: "x", "Created At": "2026-01-01T00:00:00Z" }],
])("%s %#", (gvk, given, expected) => {
  expect(row(gvk, given)).toEqual(expected);
});

describe("a Pod", () => {
  const restarted = (restartCount: number, ago: string): Json => ({
    restartCount,
    lastState: { terminated: { finishedAt: ago } },
  });
  const runs = { ready: true, state: { running: {} } };
  const waits = { state: { waiting: {} } };
  const done = { state: { terminated: { exitCode: 0, reason: "Completed" } } };
  const failed = { state: { terminated: { exitCode: 3 } } };
  const sidecar = { name: "s", restartPolicy: "Always" };
  const ready = [{ type: "Ready", status: "True" }];
  const tenSeconds = "2026-01-01T23:59:50Z";
  /** Ready, status and restarts of a Pod of so many init and other containers. */
  it.each<[string, readonly [Json[], number], Json, readonly [string, string, string]]>([
    ["says its phase", [[], 1], { phase: "Pending" }, ["0/1", "Pending", "0"]],
    ["or its reason", [[], 1], { phase: "Failed", reason: "Evicted" }, ["0/1", "Evicted", "0"]],
    [
      "counts restarts of all its containers, and when the last one was",
      [[], 2],
      {
        phase: "Running",
        containerStatuses: [
          { ...runs, ...restarted(6, "2025-12-28T00:00:00Z") },
          { ...runs, ...restarted(3, "2025-12-13T00:00:00Z") },
        ],
      },
      ["2/2", "Running", "9 (5d ago)"],
    ],
    [
      "the first container's reason is what counts",
      [[], 2],
      {
        phase: "Running",
        containerStatuses: [{ state: { waiting: { reason: "CrashLoopBackOff" } } }, failed],
      },
      ["0/2", "CrashLoopBackOff", "0"],
    ],
    [
      "a signal, without a reason",
      [[], 1],
      { containerStatuses: [{ state: { terminated: { exitCode: 137, signal: 9 } } }] },
      ["0/1", "Signal:9", "0"],
    ],
    [
      "one of two completed",
      [[], 2],
      { phase: "Running", containerStatuses: [done, runs] },
      ["1/2", "NotReady", "0"],
    ],
    [
      "one of two completed, and it is ready",
      [[], 2],
      { phase: "Running", conditions: ready, containerStatuses: [done, runs] },
      ["1/2", "Running", "0"],
    ],
    [
      "the first completed, another failed",
      [[], 3],
      { phase: "Running", containerStatuses: [done, failed, runs] },
      ["1/3", "ExitCode:3", "0"],
    ],
    [
      "an init container restarts",
      [[{}, {}], 1],
      {
        initContainerStatuses: [
          { ...done, restartCount: 2 },
          { state: { running: {} }, ...restarted(3, tenSeconds) },
        ],
        containerStatuses: [waits],
      },
      ["0/1", "Init:1/2", "5 (10s ago)"],
    ],
    [
      "an init container failed",
      [[{}], 1],
      { initContainerStatuses: [{ restartCount: 0, ...failed }] },
      ["0/1", "Init:ExitCode:3", "0"],
    ],
    [
      "an init container cannot start",
      [[{}], 1],
      {
        initContainerStatuses: [
          { restartCount: 0, state: { waiting: { reason: "ImagePullBackOff" } } },
        ],
      },
      ["0/1", "Init:ImagePullBackOff", "0"],
    ],
    [
      "restarts of init containers are forgotten afterwards",
      [[{}], 1],
      {
        phase: "Running",
        initContainerStatuses: [{ ...done, ...restarted(2, tenSeconds) }],
        containerStatuses: [{ ...runs, ...restarted(4, "2026-01-01T23:59:40Z") }],
      },
      ["1/1", "Running", "4 (20s ago)"],
    ],
    [
      "sidecars count",
      [[sidecar], 1],
      {
        phase: "Running",
        initContainerStatuses: [{ name: "s", started: true, ...runs, ...restarted(1, tenSeconds) }],
        containerStatuses: [{ ...runs, restartCount: 0 }],
      },
      ["2/2", "Running", "1 (10s ago)"],
    ],
    [
      "a sidecar does not start",
      [[sidecar], 1],
      { initContainerStatuses: [{ name: "s", started: false, restartCount: 0, ...waits }] },
      ["0/2", "Init:0/1", "0"],
    ],
    [
      "it is gated",
      [[], 1],
      {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
      },
      ["0/1", "SchedulingGated", "0"],
    ],
  ])("%s", (_, [initContainers, count], status, expected) => {
    const containers = Array.from({ length: count }, () => ({}));
    const statuses = (status["containerStatuses"] ?? []).map((one: Json) => ({
      restartCount: 0,
      ...one,
    }));
    const cells = row("v1/Pod", {
      spec: { initContainers, containers },
      status: { ...status, containerStatuses: statuses },
    });
    expect([cells["Ready"], cells["Status"], cells["Restarts"]]).toEqual(expected);
  });

  it.each([
    ["Running", undefined, "Terminating"],
    ["Succeeded", undefined, "Succeeded"],
    ["Running", "NodeLost", "Unknown"],
  ])("%s, %s: deleted, it is %s", (phase, reason, expected) => {
    const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    const status = { phase, ...(reason === undefined ? {} : { reason }) };
    expect(row("v1/Pod", { metadata, spec: {}, status })["Status"]).toBe(expected);
  });

  it("shows in wide where it is and what it waits for", () => {
    const cells = row("v1/Pod", {
      spec: { nodeName: "n", readinessGates: [{ conditionType: "a" }, { conditionType: "b" }] },
      status: {
        podIPs: [{ ip: "1.1.1.1" }],
        conditions: [
          { type: "a", status: "True" },
          { type: "b", status: "False" },
        ],
      },
    });
    expect(cells).toMatchObject({
      "+IP": "1.1.1.1",
      "+Node": "n",
      "+Nominated Node": "<none>",
      "+Readiness Gates": "1/2",
    });
  });
});

it("FlowSchemas are listed as they are asked: by precedence, then by name", () => {
  const schema = (name: string, matchingPrecedence: number): Json => ({
    metadata: { name },
    spec: { matchingPrecedence, priorityLevelConfiguration: { name: "p" } },
  });
  const kind = kinds.find(({ gvk }) => gvk.endsWith("/FlowSchema"));
  const given = [schema("a", 9), schema("c", 1), schema("b", 1)];
  const options = { version: "v1", include: "None", nowMs, headers: true } as const;
  const { rows } = tableOf({ kind, type: "", kindName: "" } as never, given as never, {}, options);
  expect((rows as Json[]).map(({ cells }) => cells[0])).toEqual(["b", "c", "a"]);
});

it("each text of the API's documentation belongs to a column", () => {
  const shown = [...kinds.flatMap(({ columns = [] }) => columns), ...scaleColumns];
  const told = new Set(shown.map(({ description }) => description));
  for (const [field, text] of Object.entries(fieldDocs)) expect(told.has(text), field).toBe(true);
});

test.each([
  [
    "Succeeded",
    [
      {
        type: "Completed",
        status: "True",
        reason: "Succeeded",
        message: "The pod has completed successfully.",
      },
    ],
  ],
  ["Failed", [{ type: "Completed", status: "True", reason: "Failed", message: "The pod failed." }]],
  ["Running", undefined],
])("the row of a Pod that %s", (phase, conditions) => {
  const { rows } = shown("v1/Pod", { spec: { containers: [] }, status: { phase } });
  expect(rows[0].conditions).toEqual(conditions);
});

test.each(kinds.filter(({ columns }) => columns !== undefined).map(({ gvk }) => gvk))(
  "%s: types that tables know, columns with names of their own",
  (gvk) => {
    const { columns = [] } = kinds.find((one) => one.gvk === gvk)!;
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
    for (const { name, description } of columns) {
      if (name === "Name") expect(description).toBe(nameColumn.description);
      if (name === "Age") expect(description).toBe(ageColumn.description);
    }
  },
);
