/** Upstream: pod-security-admission/policy/check_windowsHostProcess.go. */
import { type Check, failing, settersText } from "#apiserver/admission/pod-security/check.ts";

export const windowsHostProcess: Check = {
  id: "windowsHostProcess",
  level: "baseline",
  versions: [
    {
      from: 0,
      find(subject) {
        const isPod = subject.spec.securityContext?.windowsOptions?.hostProcess === true;
        const bad = failing(
          subject,
          ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true,
        );
        if (!isPod && bad.length === 0) return undefined;
        const who = settersText(isPod, bad);
        return {
          reason: "hostProcess",
          detail: `${who} must not set securityContext.windowsOptions.hostProcess=true`,
        };
      },
    },
  ],
};
