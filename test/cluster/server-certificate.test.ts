/** What a client says of the certificate that a server shows, as Go does. */
import { expect, test } from "vitest";
import { certificateProblem } from "#cluster/host/server-certificate.ts";
import { newAuthority, newLeaf } from "#test/support/tls.ts";

const name = "hook.default.svc";
const authority = await newAuthority("my-ca");
const namesake = await newAuthority("my-ca");
const other = await newAuthority("another");
const between = await newAuthority("between", authority);
const nowMs = Date.now();
const hour = 3_600_000;
const good = await newLeaf(authority, { names: [name] });
const unknown = "x509: certificate signed by unknown authority";

interface Row {
  readonly chain: string;
  readonly trusts?: string;
}
const rows: readonly (readonly [string, Row, string | undefined])[] = [
  ["its authority is believed", { chain: good.certificate }, undefined],
  ["it is believed itself", { chain: good.certificate, trusts: good.certificate }, undefined],
  [
    "by way of another",
    {
      chain: (await newLeaf(between, { names: [name] })).certificate + between.certificate,
    },
    undefined,
  ],
  [
    "the one in between is not shown",
    { chain: (await newLeaf(between, { names: [name] })).certificate },
    unknown,
  ],
  [
    "any first label",
    { chain: (await newLeaf(authority, { names: ["*.default.svc"] })).certificate },
    undefined,
  ],
  ["nobody is believed", { chain: good.certificate, trusts: "" }, unknown],
  ["another is believed", { chain: good.certificate, trusts: other.certificate }, unknown],
  [
    "another of the same name is believed",
    { chain: good.certificate, trusts: namesake.certificate },
    `${unknown} (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "my-ca")`,
  ],
  [
    "for others",
    { chain: (await newLeaf(authority, { names: ["a.svc", "b.svc"] })).certificate },
    `x509: certificate is valid for a.svc, b.svc, not ${name}`,
  ],
  [
    "for nobody",
    { chain: (await newLeaf(authority, {})).certificate },
    `x509: certificate is not valid for any names, but wanted to match ${name}`,
  ],
  [
    "only a common name",
    { chain: (await newLeaf(authority, { commonName: name })).certificate },
    "x509: certificate relies on legacy Common Name field, use SANs instead",
  ],
  [
    "too late",
    { chain: (await newLeaf(authority, { names: [name], toMs: nowMs - hour })).certificate },
    "x509: certificate has expired or is not yet valid: current time",
  ],
  [
    "too early",
    { chain: (await newLeaf(authority, { names: [name], fromMs: nowMs + hour })).certificate },
    "x509: certificate has expired or is not yet valid: current time",
  ],
  [
    "of a client",
    {
      chain: (await newLeaf(authority, { names: [name], usages: ["1.3.6.1.5.5.7.3.2"] }))
        .certificate,
    },
    "x509: certificate specifies an incompatible key usage",
  ],
  ["none", { chain: "" }, "tls: received empty certificates message"],
];

test.each(rows)("%s", async (_, { chain, trusts = authority.certificate }, problem) => {
  const times = { earliest: nowMs, latest: nowMs };
  const found = await certificateProblem({ chain, trusts, name, nowMs: times });
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found?.replace("tls: failed to verify certificate: ", "")).toContain(problem);
});
