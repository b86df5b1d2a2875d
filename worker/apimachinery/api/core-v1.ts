/** Generated from types.json by generate.ts; do not edit. */
import type { V1Condition, V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1AWSElasticBlockStoreVolumeSource {
  readonly fsType?: string | undefined;
  readonly partition?: number | undefined;
  readonly readOnly?: boolean | undefined;
  readonly volumeID: string;
}

export interface V1Affinity {
  readonly nodeAffinity?: V1NodeAffinity | undefined;
  readonly podAffinity?: V1PodAffinity | undefined;
  readonly podAntiAffinity?: V1PodAntiAffinity | undefined;
}

export interface V1AppArmorProfile {
  readonly localhostProfile?: string | undefined;
  readonly type: string;
}

export interface V1AttachedVolume {
  readonly devicePath: string;
  readonly name: string;
}

export interface V1AzureDiskVolumeSource {
  readonly cachingMode?: string | undefined;
  readonly diskName: string;
  readonly diskURI: string;
  readonly fsType?: string | undefined;
  readonly kind?: string | undefined;
  readonly readOnly?: boolean | undefined;
}

export interface V1AzureFilePersistentVolumeSource {
  readonly readOnly?: boolean | undefined;
  readonly secretName: string;
  readonly secretNamespace?: string | undefined;
  readonly shareName: string;
}

export interface V1AzureFileVolumeSource {
  readonly readOnly?: boolean | undefined;
  readonly secretName: string;
  readonly shareName: string;
}

export interface V1Binding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly target: V1ObjectReference;
}

export interface V1CSIPersistentVolumeSource {
  readonly controllerExpandSecretRef?: V1SecretReference | undefined;
  readonly controllerPublishSecretRef?: V1SecretReference | undefined;
  readonly driver: string;
  readonly fsType?: string | undefined;
  readonly nodeExpandSecretRef?: V1SecretReference | undefined;
  readonly nodePublishSecretRef?: V1SecretReference | undefined;
  readonly nodeStageSecretRef?: V1SecretReference | undefined;
  readonly readOnly?: boolean | undefined;
  readonly volumeAttributes?: Readonly<Record<string, string>> | undefined;
  readonly volumeHandle: string;
}

export interface V1CSIVolumeSource {
  readonly driver: string;
  readonly fsType?: string | undefined;
  readonly nodePublishSecretRef?: V1LocalObjectReference | undefined;
  readonly readOnly?: boolean | undefined;
  readonly volumeAttributes?: Readonly<Record<string, string>> | undefined;
}

export interface V1Capabilities {
  readonly add?: readonly string[] | undefined;
  readonly drop?: readonly string[] | undefined;
}

export interface V1CephFSPersistentVolumeSource {
  readonly monitors: readonly string[];
  readonly path?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretFile?: string | undefined;
  readonly secretRef?: V1SecretReference | undefined;
  readonly user?: string | undefined;
}

export interface V1CephFSVolumeSource {
  readonly monitors: readonly string[];
  readonly path?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretFile?: string | undefined;
  readonly secretRef?: V1LocalObjectReference | undefined;
  readonly user?: string | undefined;
}

export interface V1CinderPersistentVolumeSource {
  readonly fsType?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1SecretReference | undefined;
  readonly volumeID: string;
}

export interface V1CinderVolumeSource {
  readonly fsType?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1LocalObjectReference | undefined;
  readonly volumeID: string;
}

export interface V1ClientIPConfig {
  readonly timeoutSeconds?: number | undefined;
}

export interface V1ClusterTrustBundleProjection {
  readonly labelSelector?: V1LabelSelector | undefined;
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
  readonly path: string;
  readonly signerName?: string | undefined;
}

export interface V1ComponentCondition {
  readonly error?: string | undefined;
  readonly message?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1ComponentStatus {
  readonly apiVersion: string;
  readonly conditions?: readonly V1ComponentCondition[] | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
}

export interface V1ConfigMap {
  readonly apiVersion: string;
  readonly binaryData?: Readonly<Record<string, string>> | undefined;
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly immutable?: boolean | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
}

export interface V1ConfigMapEnvSource {
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1ConfigMapKeySelector {
  readonly key: string;
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1ConfigMapNodeConfigSource {
  readonly kubeletConfigKey: string;
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion?: string | undefined;
  readonly uid?: string | undefined;
}

export interface V1ConfigMapProjection {
  readonly items?: readonly V1KeyToPath[] | undefined;
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1ConfigMapVolumeSource {
  readonly defaultMode?: number | undefined;
  readonly items?: readonly V1KeyToPath[] | undefined;
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1Container {
  readonly args?: readonly string[] | undefined;
  readonly command?: readonly string[] | undefined;
  readonly env?: readonly V1EnvVar[] | undefined;
  readonly envFrom?: readonly V1EnvFromSource[] | undefined;
  readonly image?: string | undefined;
  readonly imagePullPolicy?: string | undefined;
  readonly lifecycle?: V1Lifecycle | undefined;
  readonly livenessProbe?: V1Probe | undefined;
  readonly name: string;
  readonly ports?: readonly V1ContainerPort[] | undefined;
  readonly readinessProbe?: V1Probe | undefined;
  readonly resizePolicy?: readonly V1ContainerResizePolicy[] | undefined;
  readonly resources?: V1ResourceRequirements | undefined;
  readonly restartPolicy?: string | undefined;
  readonly restartPolicyRules?: readonly V1ContainerRestartRule[] | undefined;
  readonly securityContext?: V1SecurityContext | undefined;
  readonly startupProbe?: V1Probe | undefined;
  readonly stdin?: boolean | undefined;
  readonly stdinOnce?: boolean | undefined;
  readonly terminationMessagePath?: string | undefined;
  readonly terminationMessagePolicy?: string | undefined;
  readonly tty?: boolean | undefined;
  readonly volumeDevices?: readonly V1VolumeDevice[] | undefined;
  readonly volumeMounts?: readonly V1VolumeMount[] | undefined;
  readonly workingDir?: string | undefined;
}

export interface V1ContainerExtendedResourceRequest {
  readonly containerName: string;
  readonly requestName: string;
  readonly resourceName: string;
}

export interface V1ContainerImage {
  readonly names?: readonly string[] | undefined;
  readonly sizeBytes?: number | undefined;
}

export interface V1ContainerPort {
  readonly containerPort: number;
  readonly hostIP?: string | undefined;
  readonly hostPort?: number | undefined;
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
}

export interface V1ContainerResizePolicy {
  readonly resourceName: string;
  readonly restartPolicy: string;
}

export interface V1ContainerRestartRule {
  readonly action: string;
  readonly exitCodes?: V1ContainerRestartRuleOnExitCodes | undefined;
}

export interface V1ContainerRestartRuleOnExitCodes {
  readonly operator: string;
  readonly values?: readonly number[] | undefined;
}

export interface V1ContainerState {
  readonly running?: V1ContainerStateRunning | undefined;
  readonly terminated?: V1ContainerStateTerminated | undefined;
  readonly waiting?: V1ContainerStateWaiting | undefined;
}

export interface V1ContainerStateRunning {
  readonly startedAt?: string | undefined;
}

export interface V1ContainerStateTerminated {
  readonly containerID?: string | undefined;
  readonly exitCode: number;
  readonly finishedAt?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly signal?: number | undefined;
  readonly startedAt?: string | undefined;
}

export interface V1ContainerStateWaiting {
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
}

export interface V1ContainerStatus {
  readonly allocatedResources?: Readonly<Record<string, string>> | undefined;
  readonly allocatedResourcesStatus?: readonly V1ResourceStatus[] | undefined;
  readonly containerID?: string | undefined;
  readonly image: string;
  readonly imageID: string;
  readonly lastState?: V1ContainerState | undefined;
  readonly name: string;
  readonly ready: boolean;
  readonly resources?: V1ResourceRequirements | undefined;
  readonly restartCount: number;
  readonly started?: boolean | undefined;
  readonly state?: V1ContainerState | undefined;
  readonly stopSignal?: string | undefined;
  readonly user?: V1ContainerUser | undefined;
  readonly volumeMounts?: readonly V1VolumeMountStatus[] | undefined;
}

export interface V1ContainerUser {
  readonly linux?: V1LinuxContainerUser | undefined;
}

export interface V1DaemonEndpoint {
  readonly Port: number;
}

export interface V1DownwardAPIProjection {
  readonly items?: readonly V1DownwardAPIVolumeFile[] | undefined;
}

export interface V1DownwardAPIVolumeFile {
  readonly fieldRef?: V1ObjectFieldSelector | undefined;
  readonly mode?: number | undefined;
  readonly path: string;
  readonly resourceFieldRef?: V1ResourceFieldSelector | undefined;
}

export interface V1DownwardAPIVolumeSource {
  readonly defaultMode?: number | undefined;
  readonly items?: readonly V1DownwardAPIVolumeFile[] | undefined;
}

export interface V1EmptyDirVolumeSource {
  readonly medium?: string | undefined;
  readonly sizeLimit?: string | undefined;
}

export interface V1EndpointAddress {
  readonly hostname?: string | undefined;
  readonly ip: string;
  readonly nodeName?: string | undefined;
  readonly targetRef?: V1ObjectReference | undefined;
}

export interface V1EndpointPort {
  readonly appProtocol?: string | undefined;
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol?: string | undefined;
}

export interface V1EndpointSubset {
  readonly addresses?: readonly V1EndpointAddress[] | undefined;
  readonly notReadyAddresses?: readonly V1EndpointAddress[] | undefined;
  readonly ports?: readonly V1EndpointPort[] | undefined;
}

export interface V1Endpoints {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly subsets?: readonly V1EndpointSubset[] | undefined;
}

export interface V1EnvFromSource {
  readonly configMapRef?: V1ConfigMapEnvSource | undefined;
  readonly prefix?: string | undefined;
  readonly secretRef?: V1SecretEnvSource | undefined;
}

export interface V1EnvVar {
  readonly name: string;
  readonly value?: string | undefined;
  readonly valueFrom?: V1EnvVarSource | undefined;
}

export interface V1EnvVarSource {
  readonly configMapKeyRef?: V1ConfigMapKeySelector | undefined;
  readonly fieldRef?: V1ObjectFieldSelector | undefined;
  readonly fileKeyRef?: V1FileKeySelector | undefined;
  readonly resourceFieldRef?: V1ResourceFieldSelector | undefined;
  readonly secretKeyRef?: V1SecretKeySelector | undefined;
}

export interface V1EphemeralContainer {
  readonly args?: readonly string[] | undefined;
  readonly command?: readonly string[] | undefined;
  readonly env?: readonly V1EnvVar[] | undefined;
  readonly envFrom?: readonly V1EnvFromSource[] | undefined;
  readonly image?: string | undefined;
  readonly imagePullPolicy?: string | undefined;
  readonly lifecycle?: V1Lifecycle | undefined;
  readonly livenessProbe?: V1Probe | undefined;
  readonly name: string;
  readonly ports?: readonly V1ContainerPort[] | undefined;
  readonly readinessProbe?: V1Probe | undefined;
  readonly resizePolicy?: readonly V1ContainerResizePolicy[] | undefined;
  readonly resources?: V1ResourceRequirements | undefined;
  readonly restartPolicy?: string | undefined;
  readonly restartPolicyRules?: readonly V1ContainerRestartRule[] | undefined;
  readonly securityContext?: V1SecurityContext | undefined;
  readonly startupProbe?: V1Probe | undefined;
  readonly stdin?: boolean | undefined;
  readonly stdinOnce?: boolean | undefined;
  readonly targetContainerName?: string | undefined;
  readonly terminationMessagePath?: string | undefined;
  readonly terminationMessagePolicy?: string | undefined;
  readonly tty?: boolean | undefined;
  readonly volumeDevices?: readonly V1VolumeDevice[] | undefined;
  readonly volumeMounts?: readonly V1VolumeMount[] | undefined;
  readonly workingDir?: string | undefined;
}

export interface V1EphemeralVolumeSource {
  readonly volumeClaimTemplate?: V1PersistentVolumeClaimTemplate | undefined;
}

export interface V1Event {
  readonly action?: string | undefined;
  readonly apiVersion: string;
  readonly count?: number | undefined;
  readonly eventTime?: string | null | undefined;
  readonly firstTimestamp?: string | undefined;
  readonly involvedObject: V1ObjectReference;
  readonly kind: string;
  readonly lastTimestamp?: string | undefined;
  readonly message?: string | undefined;
  readonly metadata: V1ObjectMeta;
  readonly reason?: string | undefined;
  readonly related?: V1ObjectReference | undefined;
  readonly reportingComponent?: string | undefined;
  readonly reportingInstance?: string | undefined;
  readonly series?: V1EventSeries | undefined;
  readonly source?: V1EventSource | undefined;
  readonly type?: string | undefined;
}

export interface V1EventSeries {
  readonly count?: number | undefined;
  readonly lastObservedTime?: string | undefined;
}

export interface V1EventSource {
  readonly component?: string | undefined;
  readonly host?: string | undefined;
}

export interface V1ExecAction {
  readonly command?: readonly string[] | undefined;
}

export interface V1FCVolumeSource {
  readonly fsType?: string | undefined;
  readonly lun?: number | undefined;
  readonly readOnly?: boolean | undefined;
  readonly targetWWNs?: readonly string[] | undefined;
  readonly wwids?: readonly string[] | undefined;
}

export interface V1FileKeySelector {
  readonly key: string;
  readonly optional?: boolean | undefined;
  readonly path: string;
  readonly volumeName: string;
}

export interface V1FlexPersistentVolumeSource {
  readonly driver: string;
  readonly fsType?: string | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1SecretReference | undefined;
}

export interface V1FlexVolumeSource {
  readonly driver: string;
  readonly fsType?: string | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1LocalObjectReference | undefined;
}

export interface V1FlockerVolumeSource {
  readonly datasetName?: string | undefined;
  readonly datasetUUID?: string | undefined;
}

export interface V1GCEPersistentDiskVolumeSource {
  readonly fsType?: string | undefined;
  readonly partition?: number | undefined;
  readonly pdName: string;
  readonly readOnly?: boolean | undefined;
}

export interface V1GRPCAction {
  readonly port: number;
  readonly service?: string | undefined;
}

export interface V1GitRepoVolumeSource {
  readonly directory?: string | undefined;
  readonly repository: string;
  readonly revision?: string | undefined;
}

export interface V1GlusterfsPersistentVolumeSource {
  readonly endpoints: string;
  readonly endpointsNamespace?: string | undefined;
  readonly path: string;
  readonly readOnly?: boolean | undefined;
}

export interface V1GlusterfsVolumeSource {
  readonly endpoints: string;
  readonly path: string;
  readonly readOnly?: boolean | undefined;
}

export interface V1HTTPGetAction {
  readonly host?: string | undefined;
  readonly httpHeaders?: readonly V1HTTPHeader[] | undefined;
  readonly path?: string | undefined;
  readonly port: number | string;
  readonly scheme?: string | undefined;
}

export interface V1HTTPHeader {
  readonly name: string;
  readonly value: string;
}

export interface V1HostAlias {
  readonly hostnames?: readonly string[] | undefined;
  readonly ip: string;
}

export interface V1HostIP {
  readonly ip: string;
}

export interface V1HostPathVolumeSource {
  readonly path: string;
  readonly type?: string | undefined;
}

export interface V1ISCSIPersistentVolumeSource {
  readonly chapAuthDiscovery?: boolean | undefined;
  readonly chapAuthSession?: boolean | undefined;
  readonly fsType?: string | undefined;
  readonly initiatorName?: string | undefined;
  readonly iqn: string;
  readonly iscsiInterface?: string | undefined;
  readonly lun: number;
  readonly portals?: readonly string[] | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1SecretReference | undefined;
  readonly targetPortal: string;
}

export interface V1ISCSIVolumeSource {
  readonly chapAuthDiscovery?: boolean | undefined;
  readonly chapAuthSession?: boolean | undefined;
  readonly fsType?: string | undefined;
  readonly initiatorName?: string | undefined;
  readonly iqn: string;
  readonly iscsiInterface?: string | undefined;
  readonly lun: number;
  readonly portals?: readonly string[] | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1LocalObjectReference | undefined;
  readonly targetPortal: string;
}

export interface V1ImageVolumeSource {
  readonly pullPolicy?: string | undefined;
  readonly reference?: string | undefined;
}

export interface V1ImageVolumeStatus {
  readonly imageRef: string;
}

export interface V1KeyToPath {
  readonly key: string;
  readonly mode?: number | undefined;
  readonly path: string;
}

export interface V1Lifecycle {
  readonly postStart?: V1LifecycleHandler | undefined;
  readonly preStop?: V1LifecycleHandler | undefined;
  readonly stopSignal?: string | undefined;
}

export interface V1LifecycleHandler {
  readonly exec?: V1ExecAction | undefined;
  readonly httpGet?: V1HTTPGetAction | undefined;
  readonly sleep?: V1SleepAction | undefined;
  readonly tcpSocket?: V1TCPSocketAction | undefined;
}

export interface V1LimitRange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1LimitRangeSpec | undefined;
}

export interface V1LimitRangeItem {
  readonly default?: Readonly<Record<string, string>> | undefined;
  readonly defaultRequest?: Readonly<Record<string, string>> | undefined;
  readonly max?: Readonly<Record<string, string>> | undefined;
  readonly maxLimitRequestRatio?: Readonly<Record<string, string>> | undefined;
  readonly min?: Readonly<Record<string, string>> | undefined;
  readonly type: string;
}

export interface V1LimitRangeSpec {
  readonly limits: readonly V1LimitRangeItem[];
}

export interface V1LinuxContainerUser {
  readonly gid: number;
  readonly supplementalGroups?: readonly number[] | undefined;
  readonly uid: number;
}

export interface V1LoadBalancerIngress {
  readonly hostname?: string | undefined;
  readonly ip?: string | undefined;
  readonly ipMode?: string | undefined;
  readonly ports?: readonly V1PortStatus[] | undefined;
}

export interface V1LoadBalancerStatus {
  readonly ingress?: readonly V1LoadBalancerIngress[] | undefined;
}

export interface V1LocalObjectReference {
  readonly name?: string | undefined;
}

export interface V1LocalVolumeSource {
  readonly fsType?: string | undefined;
  readonly path: string;
}

export interface V1ModifyVolumeStatus {
  readonly status: string;
  readonly targetVolumeAttributesClassName?: string | undefined;
}

export interface V1NFSVolumeSource {
  readonly path: string;
  readonly readOnly?: boolean | undefined;
  readonly server: string;
}

export interface V1Namespace {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1NamespaceSpec | undefined;
  readonly status?: V1NamespaceStatus | undefined;
}

export interface V1NamespaceCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1NamespaceSpec {
  readonly finalizers?: readonly string[] | undefined;
}

export interface V1NamespaceStatus {
  readonly conditions?: readonly V1NamespaceCondition[] | undefined;
  readonly phase?: string | undefined;
}

export interface V1Node {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1NodeSpec | undefined;
  readonly status?: V1NodeStatus | undefined;
}

export interface V1NodeAddress {
  readonly address: string;
  readonly type: string;
}

export interface V1NodeAffinity {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly V1PreferredSchedulingTerm[] | undefined;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: V1NodeSelector | undefined;
}

export interface V1NodeAllocatableResourceClaimStatus {
  readonly containers?: readonly string[] | undefined;
  readonly resourceClaimName: string;
  readonly resources: Readonly<Record<string, string>>;
}

export interface V1NodeCondition {
  readonly lastHeartbeatTime?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1NodeConfigSource {
  readonly configMap?: V1ConfigMapNodeConfigSource | undefined;
}

export interface V1NodeConfigStatus {
  readonly active?: V1NodeConfigSource | undefined;
  readonly assigned?: V1NodeConfigSource | undefined;
  readonly error?: string | undefined;
  readonly lastKnownGood?: V1NodeConfigSource | undefined;
}

export interface V1NodeDaemonEndpoints {
  readonly kubeletEndpoint?: V1DaemonEndpoint | undefined;
}

export interface V1NodeFeatures {
  readonly supplementalGroupsPolicy?: boolean | undefined;
}

export interface V1NodeRuntimeHandler {
  readonly features?: V1NodeRuntimeHandlerFeatures | undefined;
  readonly name?: string | undefined;
}

export interface V1NodeRuntimeHandlerFeatures {
  readonly recursiveReadOnlyMounts?: boolean | undefined;
  readonly userNamespaces?: boolean | undefined;
}

export interface V1NodeSelector {
  readonly nodeSelectorTerms: readonly V1NodeSelectorTerm[];
}

export interface V1NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export interface V1NodeSelectorTerm {
  readonly matchExpressions?: readonly V1NodeSelectorRequirement[] | undefined;
  readonly matchFields?: readonly V1NodeSelectorRequirement[] | undefined;
}

export interface V1NodeSpec {
  readonly configSource?: V1NodeConfigSource | undefined;
  readonly externalID?: string | undefined;
  readonly podCIDR?: string | undefined;
  readonly podCIDRs?: readonly string[] | undefined;
  readonly providerID?: string | undefined;
  readonly taints?: readonly V1Taint[] | undefined;
  readonly unschedulable?: boolean | undefined;
}

export interface V1NodeStatus {
  readonly addresses?: readonly V1NodeAddress[] | undefined;
  readonly allocatable?: Readonly<Record<string, string>> | undefined;
  readonly capacity?: Readonly<Record<string, string>> | undefined;
  readonly conditions?: readonly V1NodeCondition[] | undefined;
  readonly config?: V1NodeConfigStatus | undefined;
  readonly daemonEndpoints?: V1NodeDaemonEndpoints | undefined;
  readonly declaredFeatures?: readonly string[] | undefined;
  readonly features?: V1NodeFeatures | undefined;
  readonly images?: readonly V1ContainerImage[] | undefined;
  readonly nodeInfo?: V1NodeSystemInfo | undefined;
  readonly phase?: string | undefined;
  readonly runtimeHandlers?: readonly V1NodeRuntimeHandler[] | undefined;
  readonly volumesAttached?: readonly V1AttachedVolume[] | undefined;
  readonly volumesInUse?: readonly string[] | undefined;
}

export interface V1NodeSwapStatus {
  readonly capacity?: number | undefined;
}

export interface V1NodeSystemInfo {
  readonly architecture: string;
  readonly bootID: string;
  readonly containerRuntimeVersion: string;
  readonly kernelVersion: string;
  readonly kubeProxyVersion: string;
  readonly kubeletVersion: string;
  readonly machineID: string;
  readonly operatingSystem: string;
  readonly osImage: string;
  readonly swap?: V1NodeSwapStatus | undefined;
  readonly systemUUID: string;
}

export interface V1ObjectFieldSelector {
  readonly apiVersion?: string | undefined;
  readonly fieldPath: string;
}

export interface V1ObjectReference {
  readonly apiVersion?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly uid?: string | undefined;
}

export interface V1PersistentVolume {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1PersistentVolumeSpec | undefined;
  readonly status?: V1PersistentVolumeStatus | undefined;
}

export interface V1PersistentVolumeClaim {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1PersistentVolumeClaimSpec | undefined;
  readonly status?: V1PersistentVolumeClaimStatus | undefined;
}

export interface V1PersistentVolumeClaimCondition {
  readonly lastProbeTime?: string | null | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1PersistentVolumeClaimSpec {
  readonly accessModes?: readonly string[] | undefined;
  readonly dataSource?: V1TypedLocalObjectReference | undefined;
  readonly dataSourceRef?: V1TypedObjectReference | undefined;
  readonly resources?: V1VolumeResourceRequirements | undefined;
  readonly selector?: V1LabelSelector | undefined;
  readonly storageClassName?: string | undefined;
  readonly volumeAttributesClassName?: string | undefined;
  readonly volumeMode?: string | undefined;
  readonly volumeName?: string | undefined;
}

export interface V1PersistentVolumeClaimStatus {
  readonly accessModes?: readonly string[] | undefined;
  readonly allocatedResourceStatuses?: Readonly<Record<string, string>> | undefined;
  readonly allocatedResources?: Readonly<Record<string, string>> | undefined;
  readonly capacity?: Readonly<Record<string, string>> | undefined;
  readonly conditions?: readonly V1PersistentVolumeClaimCondition[] | undefined;
  readonly currentVolumeAttributesClassName?: string | undefined;
  readonly modifyVolumeStatus?: V1ModifyVolumeStatus | undefined;
  readonly phase?: string | undefined;
}

export interface V1PersistentVolumeClaimTemplate {
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec: V1PersistentVolumeClaimSpec;
}

export interface V1PersistentVolumeClaimVolumeSource {
  readonly claimName: string;
  readonly readOnly?: boolean | undefined;
}

export interface V1PersistentVolumeSpec {
  readonly accessModes?: readonly string[] | undefined;
  readonly awsElasticBlockStore?: V1AWSElasticBlockStoreVolumeSource | undefined;
  readonly azureDisk?: V1AzureDiskVolumeSource | undefined;
  readonly azureFile?: V1AzureFilePersistentVolumeSource | undefined;
  readonly capacity?: Readonly<Record<string, string>> | undefined;
  readonly cephfs?: V1CephFSPersistentVolumeSource | undefined;
  readonly cinder?: V1CinderPersistentVolumeSource | undefined;
  readonly claimRef?: V1ObjectReference | undefined;
  readonly csi?: V1CSIPersistentVolumeSource | undefined;
  readonly fc?: V1FCVolumeSource | undefined;
  readonly flexVolume?: V1FlexPersistentVolumeSource | undefined;
  readonly flocker?: V1FlockerVolumeSource | undefined;
  readonly gcePersistentDisk?: V1GCEPersistentDiskVolumeSource | undefined;
  readonly glusterfs?: V1GlusterfsPersistentVolumeSource | undefined;
  readonly hostPath?: V1HostPathVolumeSource | undefined;
  readonly iscsi?: V1ISCSIPersistentVolumeSource | undefined;
  readonly local?: V1LocalVolumeSource | undefined;
  readonly mountOptions?: readonly string[] | undefined;
  readonly nfs?: V1NFSVolumeSource | undefined;
  readonly nodeAffinity?: V1VolumeNodeAffinity | undefined;
  readonly persistentVolumeReclaimPolicy?: string | undefined;
  readonly photonPersistentDisk?: V1PhotonPersistentDiskVolumeSource | undefined;
  readonly portworxVolume?: V1PortworxVolumeSource | undefined;
  readonly quobyte?: V1QuobyteVolumeSource | undefined;
  readonly rbd?: V1RBDPersistentVolumeSource | undefined;
  readonly scaleIO?: V1ScaleIOPersistentVolumeSource | undefined;
  readonly storageClassName?: string | undefined;
  readonly storageos?: V1StorageOSPersistentVolumeSource | undefined;
  readonly volumeAttributesClassName?: string | undefined;
  readonly volumeMode?: string | undefined;
  readonly vsphereVolume?: V1VsphereVirtualDiskVolumeSource | undefined;
}

export interface V1PersistentVolumeStatus {
  readonly lastPhaseTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly phase?: string | undefined;
  readonly reason?: string | undefined;
}

export interface V1PhotonPersistentDiskVolumeSource {
  readonly fsType?: string | undefined;
  readonly pdID: string;
}

export interface V1Pod {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1PodSpec | undefined;
  readonly status?: V1PodStatus | undefined;
}

export interface V1PodAffinity {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly V1WeightedPodAffinityTerm[] | undefined;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly V1PodAffinityTerm[] | undefined;
}

export interface V1PodAffinityTerm {
  readonly labelSelector?: V1LabelSelector | undefined;
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly mismatchLabelKeys?: readonly string[] | undefined;
  readonly namespaceSelector?: V1LabelSelector | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly topologyKey: string;
}

export interface V1PodAntiAffinity {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly V1WeightedPodAffinityTerm[] | undefined;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly V1PodAffinityTerm[] | undefined;
}

export interface V1PodCertificateProjection {
  readonly certificateChainPath?: string | undefined;
  readonly credentialBundlePath?: string | undefined;
  readonly keyPath?: string | undefined;
  readonly keyType: string;
  readonly maxExpirationSeconds?: number | undefined;
  readonly signerName: string;
  readonly userAnnotations?: Readonly<Record<string, string>> | undefined;
}

export interface V1PodCondition {
  readonly lastProbeTime?: string | null | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly observedGeneration?: number | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1PodDNSConfig {
  readonly nameservers?: readonly string[] | undefined;
  readonly options?: readonly V1PodDNSConfigOption[] | undefined;
  readonly searches?: readonly string[] | undefined;
}

export interface V1PodDNSConfigOption {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

export interface V1PodExtendedResourceClaimStatus {
  readonly requestMappings: readonly V1ContainerExtendedResourceRequest[];
  readonly resourceClaimName: string;
}

export interface V1PodIP {
  readonly ip: string;
}

export interface V1PodOS {
  readonly name: string;
}

export interface V1PodReadinessGate {
  readonly conditionType: string;
}

export interface V1PodResourceClaim {
  readonly name: string;
  readonly resourceClaimName?: string | undefined;
  readonly resourceClaimTemplateName?: string | undefined;
}

export interface V1PodResourceClaimStatus {
  readonly name: string;
  readonly resourceClaimName?: string | undefined;
}

export interface V1PodSchedulingGate {
  readonly name: string;
}

export interface V1PodSchedulingGroup {
  readonly podGroupName?: string | undefined;
}

export interface V1PodSecurityContext {
  readonly appArmorProfile?: V1AppArmorProfile | undefined;
  readonly fsGroup?: number | undefined;
  readonly fsGroupChangePolicy?: string | undefined;
  readonly runAsGroup?: number | undefined;
  readonly runAsNonRoot?: boolean | undefined;
  readonly runAsUser?: number | undefined;
  readonly seLinuxChangePolicy?: string | undefined;
  readonly seLinuxOptions?: V1SELinuxOptions | undefined;
  readonly seccompProfile?: V1SeccompProfile | undefined;
  readonly supplementalGroups?: readonly number[] | undefined;
  readonly supplementalGroupsPolicy?: string | undefined;
  readonly sysctls?: readonly V1Sysctl[] | undefined;
  readonly windowsOptions?: V1WindowsSecurityContextOptions | undefined;
}

export interface V1PodSpec {
  readonly activeDeadlineSeconds?: number | undefined;
  readonly affinity?: V1Affinity | undefined;
  readonly automountServiceAccountToken?: boolean | undefined;
  readonly containers: readonly V1Container[];
  readonly dnsConfig?: V1PodDNSConfig | undefined;
  readonly dnsPolicy?: string | undefined;
  readonly enableServiceLinks?: boolean | undefined;
  readonly ephemeralContainers?: readonly V1EphemeralContainer[] | undefined;
  readonly hostAliases?: readonly V1HostAlias[] | undefined;
  readonly hostIPC?: boolean | undefined;
  readonly hostNetwork?: boolean | undefined;
  readonly hostPID?: boolean | undefined;
  readonly hostUsers?: boolean | undefined;
  readonly hostname?: string | undefined;
  readonly hostnameOverride?: string | undefined;
  readonly imagePullSecrets?: readonly V1LocalObjectReference[] | undefined;
  readonly initContainers?: readonly V1Container[] | undefined;
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly os?: V1PodOS | undefined;
  readonly overhead?: Readonly<Record<string, string>> | undefined;
  readonly preemptionPolicy?: string | undefined;
  readonly priority?: number | undefined;
  readonly priorityClassName?: string | undefined;
  readonly readinessGates?: readonly V1PodReadinessGate[] | undefined;
  readonly resourceClaims?: readonly V1PodResourceClaim[] | undefined;
  readonly resources?: V1ResourceRequirements | undefined;
  readonly restartPolicy?: string | undefined;
  readonly runtimeClassName?: string | undefined;
  readonly schedulerName?: string | undefined;
  readonly schedulingGates?: readonly V1PodSchedulingGate[] | undefined;
  readonly schedulingGroup?: V1PodSchedulingGroup | undefined;
  readonly securityContext?: V1PodSecurityContext | undefined;
  readonly serviceAccount?: string | undefined;
  readonly serviceAccountName?: string | undefined;
  readonly setHostnameAsFQDN?: boolean | undefined;
  readonly shareProcessNamespace?: boolean | undefined;
  readonly subdomain?: string | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly tolerations?: readonly V1Toleration[] | undefined;
  readonly topologySpreadConstraints?: readonly V1TopologySpreadConstraint[] | undefined;
  readonly volumes?: readonly V1Volume[] | undefined;
}

export interface V1PodStatus {
  readonly allocatedResources?: Readonly<Record<string, string>> | undefined;
  readonly conditions?: readonly V1PodCondition[] | undefined;
  readonly containerStatuses?: readonly V1ContainerStatus[] | undefined;
  readonly ephemeralContainerStatuses?: readonly V1ContainerStatus[] | undefined;
  readonly extendedResourceClaimStatus?: V1PodExtendedResourceClaimStatus | undefined;
  readonly hostIP?: string | undefined;
  readonly hostIPs?: readonly V1HostIP[] | undefined;
  readonly initContainerStatuses?: readonly V1ContainerStatus[] | undefined;
  readonly message?: string | undefined;
  readonly nodeAllocatableResourceClaimStatuses?: readonly V1NodeAllocatableResourceClaimStatus[] | undefined;
  readonly nominatedNodeName?: string | undefined;
  readonly observedGeneration?: number | undefined;
  readonly phase?: string | undefined;
  readonly podIP?: string | undefined;
  readonly podIPs?: readonly V1PodIP[] | undefined;
  readonly qosClass?: string | undefined;
  readonly reason?: string | undefined;
  readonly resize?: string | undefined;
  readonly resourceClaimStatuses?: readonly V1PodResourceClaimStatus[] | undefined;
  readonly resources?: V1ResourceRequirements | undefined;
  readonly startTime?: string | undefined;
}

export interface V1PodTemplate {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly template?: V1PodTemplateSpec | undefined;
}

export interface V1PodTemplateSpec {
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec?: V1PodSpec | undefined;
}

export interface V1PortStatus {
  readonly error?: string | undefined;
  readonly port: number;
  readonly protocol: string;
}

export interface V1PortworxVolumeSource {
  readonly fsType?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly volumeID: string;
}

export interface V1PreferredSchedulingTerm {
  readonly preference: V1NodeSelectorTerm;
  readonly weight: number;
}

export interface V1Probe {
  readonly exec?: V1ExecAction | undefined;
  readonly failureThreshold?: number | undefined;
  readonly grpc?: V1GRPCAction | undefined;
  readonly httpGet?: V1HTTPGetAction | undefined;
  readonly initialDelaySeconds?: number | undefined;
  readonly periodSeconds?: number | undefined;
  readonly successThreshold?: number | undefined;
  readonly tcpSocket?: V1TCPSocketAction | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
}

export interface V1ProjectedVolumeSource {
  readonly defaultMode?: number | undefined;
  readonly sources?: readonly V1VolumeProjection[] | undefined;
}

export interface V1QuobyteVolumeSource {
  readonly group?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly registry: string;
  readonly tenant?: string | undefined;
  readonly user?: string | undefined;
  readonly volume: string;
}

export interface V1RBDPersistentVolumeSource {
  readonly fsType?: string | undefined;
  readonly image: string;
  readonly keyring?: string | undefined;
  readonly monitors: readonly string[];
  readonly pool?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1SecretReference | undefined;
  readonly user?: string | undefined;
}

export interface V1RBDVolumeSource {
  readonly fsType?: string | undefined;
  readonly image: string;
  readonly keyring?: string | undefined;
  readonly monitors: readonly string[];
  readonly pool?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1LocalObjectReference | undefined;
  readonly user?: string | undefined;
}

export interface V1ReplicationController {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1ReplicationControllerSpec | undefined;
  readonly status?: V1ReplicationControllerStatus | undefined;
}

export interface V1ReplicationControllerCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1ReplicationControllerSpec {
  readonly minReadySeconds?: number | undefined;
  readonly replicas?: number | undefined;
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly template?: V1PodTemplateSpec | undefined;
}

export interface V1ReplicationControllerStatus {
  readonly availableReplicas?: number | undefined;
  readonly conditions?: readonly V1ReplicationControllerCondition[] | undefined;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly replicas: number;
}

export interface V1ResourceClaim {
  readonly name: string;
  readonly request?: string | undefined;
}

export interface V1ResourceFieldSelector {
  readonly containerName?: string | undefined;
  readonly divisor?: string | undefined;
  readonly resource: string;
}

export interface V1ResourceHealth {
  readonly health?: string | undefined;
  readonly message?: string | undefined;
  readonly resourceID: string;
}

export interface V1ResourceQuota {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1ResourceQuotaSpec | undefined;
  readonly status?: V1ResourceQuotaStatus | undefined;
}

export interface V1ResourceQuotaSpec {
  readonly hard?: Readonly<Record<string, string>> | undefined;
  readonly scopeSelector?: V1ScopeSelector | undefined;
  readonly scopes?: readonly string[] | undefined;
}

export interface V1ResourceQuotaStatus {
  readonly hard?: Readonly<Record<string, string>> | undefined;
  readonly used?: Readonly<Record<string, string>> | undefined;
}

export interface V1ResourceRequirements {
  readonly claims?: readonly V1ResourceClaim[] | undefined;
  readonly limits?: Readonly<Record<string, string>> | undefined;
  readonly requests?: Readonly<Record<string, string>> | undefined;
}

export interface V1ResourceStatus {
  readonly name: string;
  readonly resources?: readonly V1ResourceHealth[] | undefined;
}

export interface V1SELinuxOptions {
  readonly level?: string | undefined;
  readonly role?: string | undefined;
  readonly type?: string | undefined;
  readonly user?: string | undefined;
}

export interface V1ScaleIOPersistentVolumeSource {
  readonly fsType?: string | undefined;
  readonly gateway: string;
  readonly protectionDomain?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef: V1SecretReference;
  readonly sslEnabled?: boolean | undefined;
  readonly storageMode?: string | undefined;
  readonly storagePool?: string | undefined;
  readonly system: string;
  readonly volumeName?: string | undefined;
}

export interface V1ScaleIOVolumeSource {
  readonly fsType?: string | undefined;
  readonly gateway: string;
  readonly protectionDomain?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef: V1LocalObjectReference;
  readonly sslEnabled?: boolean | undefined;
  readonly storageMode?: string | undefined;
  readonly storagePool?: string | undefined;
  readonly system: string;
  readonly volumeName?: string | undefined;
}

export interface V1ScopeSelector {
  readonly matchExpressions?: readonly V1ScopedResourceSelectorRequirement[] | undefined;
}

export interface V1ScopedResourceSelectorRequirement {
  readonly operator: string;
  readonly scopeName: string;
  readonly values?: readonly string[] | undefined;
}

export interface V1SeccompProfile {
  readonly localhostProfile?: string | undefined;
  readonly type: string;
}

export interface V1Secret {
  readonly apiVersion: string;
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly immutable?: boolean | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly stringData?: Readonly<Record<string, string>> | undefined;
  readonly type?: string | undefined;
}

export interface V1SecretEnvSource {
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1SecretKeySelector {
  readonly key: string;
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1SecretProjection {
  readonly items?: readonly V1KeyToPath[] | undefined;
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

export interface V1SecretReference {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface V1SecretVolumeSource {
  readonly defaultMode?: number | undefined;
  readonly items?: readonly V1KeyToPath[] | undefined;
  readonly optional?: boolean | undefined;
  readonly secretName?: string | undefined;
}

export interface V1SecurityContext {
  readonly allowPrivilegeEscalation?: boolean | undefined;
  readonly appArmorProfile?: V1AppArmorProfile | undefined;
  readonly capabilities?: V1Capabilities | undefined;
  readonly privileged?: boolean | undefined;
  readonly procMount?: string | undefined;
  readonly readOnlyRootFilesystem?: boolean | undefined;
  readonly runAsGroup?: number | undefined;
  readonly runAsNonRoot?: boolean | undefined;
  readonly runAsUser?: number | undefined;
  readonly seLinuxOptions?: V1SELinuxOptions | undefined;
  readonly seccompProfile?: V1SeccompProfile | undefined;
  readonly windowsOptions?: V1WindowsSecurityContextOptions | undefined;
}

export interface V1Service {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1ServiceSpec | undefined;
  readonly status?: V1ServiceStatus | undefined;
}

export interface V1ServiceAccount {
  readonly apiVersion: string;
  readonly automountServiceAccountToken?: boolean | undefined;
  readonly imagePullSecrets?: readonly V1LocalObjectReference[] | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly secrets?: readonly V1ObjectReference[] | undefined;
}

export interface V1ServiceAccountTokenProjection {
  readonly audience?: string | undefined;
  readonly expirationSeconds?: number | undefined;
  readonly path: string;
}

export interface V1ServicePort {
  readonly appProtocol?: string | undefined;
  readonly name?: string | undefined;
  readonly nodePort?: number | undefined;
  readonly port: number;
  readonly protocol?: string | undefined;
  readonly targetPort?: number | string | undefined;
}

export interface V1ServiceSpec {
  readonly allocateLoadBalancerNodePorts?: boolean | undefined;
  readonly clusterIP?: string | undefined;
  readonly clusterIPs?: readonly string[] | undefined;
  readonly externalIPs?: readonly string[] | undefined;
  readonly externalName?: string | undefined;
  readonly externalTrafficPolicy?: string | undefined;
  readonly healthCheckNodePort?: number | undefined;
  readonly internalTrafficPolicy?: string | undefined;
  readonly ipFamilies?: readonly string[] | undefined;
  readonly ipFamilyPolicy?: string | undefined;
  readonly loadBalancerClass?: string | undefined;
  readonly loadBalancerIP?: string | undefined;
  readonly loadBalancerSourceRanges?: readonly string[] | undefined;
  readonly ports?: readonly V1ServicePort[] | undefined;
  readonly publishNotReadyAddresses?: boolean | undefined;
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly sessionAffinity?: string | undefined;
  readonly sessionAffinityConfig?: V1SessionAffinityConfig | undefined;
  readonly trafficDistribution?: string | undefined;
  readonly type?: string | undefined;
}

export interface V1ServiceStatus {
  readonly conditions?: readonly V1Condition[] | undefined;
  readonly loadBalancer?: V1LoadBalancerStatus | undefined;
}

export interface V1SessionAffinityConfig {
  readonly clientIP?: V1ClientIPConfig | undefined;
}

export interface V1SleepAction {
  readonly seconds: number;
}

export interface V1StorageOSPersistentVolumeSource {
  readonly fsType?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1ObjectReference | undefined;
  readonly volumeName?: string | undefined;
  readonly volumeNamespace?: string | undefined;
}

export interface V1StorageOSVolumeSource {
  readonly fsType?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly secretRef?: V1LocalObjectReference | undefined;
  readonly volumeName?: string | undefined;
  readonly volumeNamespace?: string | undefined;
}

export interface V1Sysctl {
  readonly name: string;
  readonly value: string;
}

export interface V1TCPSocketAction {
  readonly host?: string | undefined;
  readonly port: number | string;
}

export interface V1Taint {
  readonly effect: string;
  readonly key: string;
  readonly timeAdded?: string | undefined;
  readonly value?: string | undefined;
}

export interface V1Toleration {
  readonly effect?: string | undefined;
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
  readonly value?: string | undefined;
}

export interface V1TopologySelectorLabelRequirement {
  readonly key: string;
  readonly values: readonly string[];
}

export interface V1TopologySelectorTerm {
  readonly matchLabelExpressions?: readonly V1TopologySelectorLabelRequirement[] | undefined;
}

export interface V1TopologySpreadConstraint {
  readonly labelSelector?: V1LabelSelector | undefined;
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly maxSkew: number;
  readonly minDomains?: number | undefined;
  readonly nodeAffinityPolicy?: string | undefined;
  readonly nodeTaintsPolicy?: string | undefined;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
}

export interface V1TypedLocalObjectReference {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

export interface V1TypedObjectReference {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface V1Volume {
  readonly awsElasticBlockStore?: V1AWSElasticBlockStoreVolumeSource | undefined;
  readonly azureDisk?: V1AzureDiskVolumeSource | undefined;
  readonly azureFile?: V1AzureFileVolumeSource | undefined;
  readonly cephfs?: V1CephFSVolumeSource | undefined;
  readonly cinder?: V1CinderVolumeSource | undefined;
  readonly configMap?: V1ConfigMapVolumeSource | undefined;
  readonly csi?: V1CSIVolumeSource | undefined;
  readonly downwardAPI?: V1DownwardAPIVolumeSource | undefined;
  readonly emptyDir?: V1EmptyDirVolumeSource | undefined;
  readonly ephemeral?: V1EphemeralVolumeSource | undefined;
  readonly fc?: V1FCVolumeSource | undefined;
  readonly flexVolume?: V1FlexVolumeSource | undefined;
  readonly flocker?: V1FlockerVolumeSource | undefined;
  readonly gcePersistentDisk?: V1GCEPersistentDiskVolumeSource | undefined;
  readonly gitRepo?: V1GitRepoVolumeSource | undefined;
  readonly glusterfs?: V1GlusterfsVolumeSource | undefined;
  readonly hostPath?: V1HostPathVolumeSource | undefined;
  readonly image?: V1ImageVolumeSource | undefined;
  readonly iscsi?: V1ISCSIVolumeSource | undefined;
  readonly name: string;
  readonly nfs?: V1NFSVolumeSource | undefined;
  readonly persistentVolumeClaim?: V1PersistentVolumeClaimVolumeSource | undefined;
  readonly photonPersistentDisk?: V1PhotonPersistentDiskVolumeSource | undefined;
  readonly portworxVolume?: V1PortworxVolumeSource | undefined;
  readonly projected?: V1ProjectedVolumeSource | undefined;
  readonly quobyte?: V1QuobyteVolumeSource | undefined;
  readonly rbd?: V1RBDVolumeSource | undefined;
  readonly scaleIO?: V1ScaleIOVolumeSource | undefined;
  readonly secret?: V1SecretVolumeSource | undefined;
  readonly storageos?: V1StorageOSVolumeSource | undefined;
  readonly vsphereVolume?: V1VsphereVirtualDiskVolumeSource | undefined;
}

export interface V1VolumeDevice {
  readonly devicePath: string;
  readonly name: string;
}

export interface V1VolumeMount {
  readonly mountPath: string;
  readonly mountPropagation?: string | undefined;
  readonly name: string;
  readonly readOnly?: boolean | undefined;
  readonly recursiveReadOnly?: string | undefined;
  readonly subPath?: string | undefined;
  readonly subPathExpr?: string | undefined;
}

export interface V1VolumeMountStatus {
  readonly mountPath: string;
  readonly name: string;
  readonly readOnly?: boolean | undefined;
  readonly recursiveReadOnly?: string | undefined;
  readonly volumeStatus?: V1VolumeStatus | undefined;
}

export interface V1VolumeNodeAffinity {
  readonly required?: V1NodeSelector | undefined;
}

export interface V1VolumeProjection {
  readonly clusterTrustBundle?: V1ClusterTrustBundleProjection | undefined;
  readonly configMap?: V1ConfigMapProjection | undefined;
  readonly downwardAPI?: V1DownwardAPIProjection | undefined;
  readonly podCertificate?: V1PodCertificateProjection | undefined;
  readonly secret?: V1SecretProjection | undefined;
  readonly serviceAccountToken?: V1ServiceAccountTokenProjection | undefined;
}

export interface V1VolumeResourceRequirements {
  readonly limits?: Readonly<Record<string, string>> | undefined;
  readonly requests?: Readonly<Record<string, string>> | undefined;
}

export interface V1VolumeStatus {
  readonly image?: V1ImageVolumeStatus | undefined;
}

export interface V1VsphereVirtualDiskVolumeSource {
  readonly fsType?: string | undefined;
  readonly storagePolicyID?: string | undefined;
  readonly storagePolicyName?: string | undefined;
  readonly volumePath: string;
}

export interface V1WeightedPodAffinityTerm {
  readonly podAffinityTerm: V1PodAffinityTerm;
  readonly weight: number;
}

export interface V1WindowsSecurityContextOptions {
  readonly gmsaCredentialSpec?: string | undefined;
  readonly gmsaCredentialSpecName?: string | undefined;
  readonly hostProcess?: boolean | undefined;
  readonly runAsUserName?: string | undefined;
}
