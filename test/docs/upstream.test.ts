/** What the document says of upstream's lists is true: every named test exists, and nothing of a list is left out. */
import { describe, expect, test } from "vitest";
import { holding, titlesOf, upstream } from "#content/build/conformance.ts";

const { commands, groups } = upstream();
const claims = [
  ...commands.map(({ script, what = "", ...rest }) => ({ name: `${script} ${what}`, ...rest })),
  ...groups.flatMap(({ behaviours }) =>
    behaviours.map(({ what, ...rest }) => ({ name: what, ...rest })),
  ),
];

describe("upstream's lists", () => {
  test("a line names a test or says why there is none", () => {
    const unclear = claims.filter((one) => (one.test === undefined) === (one.why === undefined));
    expect(unclear.map(({ name }) => name)).toEqual([]);
  });
  test("every named test exists", () => {
    const lost = claims.filter((one) => {
      const [, file = "", title = ""] = /^([\w/-]+): (.*)$/.exec(one.test ?? "") ?? [];
      return one.test !== undefined && !titlesOf(file).includes(title);
    });
    expect(lost.map((one) => one.test)).toEqual([]);
  });
  test("the lines of a group are the whole of it", () => {
    for (const { name, all, behaviours } of groups)
      expect([name, behaviours.reduce((sum, { of }) => sum + of, 0)]).toEqual([name, all]);
    expect(groups.reduce((sum, { all }) => sum + all, 0)).toBe(446);
    expect(groups.reduce((sum, group) => sum + holding(group), 0)).toBeGreaterThan(250);
  });
  test("every script is there", () => {
    const scripts =
      "apply apps auth_whoami authentication authorization batch certificate convert core crd create debug delete diff discovery events exec generic-resources get help kubeconfig kuberc legacy-script node-management plugins proxy rbac request-timeout results run save-config scale storage template-output version wait";
    expect([...new Set(commands.map(({ script }) => script))]).toEqual(scripts.split(" "));
  });
});
