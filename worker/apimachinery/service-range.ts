/** Where Services have their addresses: kube-apiserver's `--service-cluster-ip-range`, as kubeadm sets it. */
export const serviceCidr = "10.96.0.0/12";
/** The ServiceCIDR that says so. */
export const defaultServiceCidr = "kubernetes";
