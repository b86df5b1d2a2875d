/** The documents: three forms of each, no link that leads nowhere, and examples that do what they say. */
import { describe, expect, test, vi } from "vitest";
import { documents, differences } from "#content/build/docs.ts";
import { runBlock } from "#content/page/commands/run.ts";
import { routes } from "#cluster/platform/registry.ts";
import { newWorker } from "#test/support/api.ts";

declare global {
  /** What the page's shell, which runs the examples here, knows of its page. */
  var location: { readonly href: string };
}

const site = newWorker();
const asked = async (
  path: string,
  accept: string,
): Promise<{ code: number; type: string; text: string }> => {
  const answer = await site(path, { headers: { accept } });
  return {
    code: answer.status,
    type: answer.headers.get("content-type") ?? "",
    text: await answer.text(),
  };
};
const browser = "text/html,application/xhtml+xml,*/*;q=0.8";
const all = documents();

describe("the list", () => {
  test("is a page for browsers, lines for terminals, JSON on request", async () => {
    const page = await asked("/docs", browser);
    expect(page).toMatchObject({ code: 200, type: "text/html; charset=utf-8" });
    const lines = await asked("/docs", "*/*");
    expect(lines).toMatchObject({ code: 200, type: "text/plain; charset=utf-8" });
    const json = JSON.parse((await asked("/docs", "application/json")).text);
    expect(json.documents).toHaveLength(all.length);
    for (const { name, title } of all) {
      expect(page.text).toContain(`<a href="/docs/${name}">${title}</a>`);
      expect(lines.text).toContain(`/docs/${name}\n  ${title}: `);
    }
  });
});

describe.each(all.map((one) => [one.name, one] as const))("%s", (name, { title, markdown }) => {
  test("is a page, and for curl the Markdown it is made of", async () => {
    const page = await asked(`/docs/${name}`, browser);
    expect(page).toMatchObject({ code: 200, type: "text/html; charset=utf-8" });
    expect(page.text).toMatch(new RegExp(`<h1[^>]*>${title}</h1>`));
    expect(page.text).not.toMatch(/\{\{|\n::[a-z]|<p>\|/);
    for (const path of [`/docs/${name}`, `/docs/${name}.md`])
      expect(await asked(path, "*/*")).toEqual({
        code: 200,
        type: "text/plain; charset=utf-8",
        text: markdown,
      });
    expect(JSON.parse((await asked(`/docs/${name}?o=json`, "*/*")).text)).toMatchObject({
      name,
      title,
      markdown,
    });
  });

  test("its links lead somewhere", async () => {
    const { text } = await asked(`/docs/${name}`, browser);
    const main = text.slice(text.indexOf("<main"));
    for (const [, path = "", hash = ""] of main.matchAll(/href="(\/[^"#]*)(?:#([^"]*))?"/g)) {
      const target = await asked(path, browser);
      expect(target.code, path).toBe(200);
      if (hash !== "") expect(target.text, `${path}#${hash}`).toContain(`id="${hash}"`);
    }
  });
});

describe("what is not there", () => {
  test.each([
    [browser, "text/html; charset=utf-8", "<h1>No such document</h1>"],
    [
      "*/*",
      "text/plain; charset=utf-8",
      'there is no document "nothing"; there are how-it-works, ',
    ],
    ["application/json", "application/json", '"kind":"Status"'],
  ])("Accept: %s", async (accept, type, says) => {
    const { text, ...rest } = await asked("/docs/nothing", accept);
    expect(rest).toEqual({ code: 404, type });
    expect(text).toContain(says);
  });
});

test("the start page and the first words of curl name the documents", async () => {
  expect((await asked("/", browser)).text).toContain('href="/docs"');
  expect((await asked("/", "*/*")).text).toContain("/docs");
});

describe("the API's document", () => {
  const api = all.find(({ name }) => name === "api")!.markdown;

  test("has every path of the platform", () => {
    for (const { path } of routes)
      expect(api).toContain(path.replace("/-/", "$X/").replace("/*", "/"));
  });

  test("every example does what it says", async () => {
    const host = "http://kubestep.test";
    vi.stubGlobal("location", { href: `${host}/` });
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => site(url.slice(host.length), init));
    let base = "";
    const lines = [...api.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = ""]) =>
      block.trim().split("\n"),
    );
    for (const line of lines) {
      const [, options] = /^KS=\$\(curl -sX POST "\$H([^"]*)"\); X=/.exec(line) ?? [];
      if (options !== undefined) {
        base = (await (await site(options, { method: "POST" })).text()).trim();
        continue;
      }
      const { output, failed } = await runBlock(line, { base, host, file: async () => "" });
      expect(failed, `${line}: ${output}`).toBe(false);
      expect(output, line).toMatch(/./);
      expect(output, line).not.toMatch(/"status": "Failure"|^\d{3} \w+: /);
    }
    vi.unstubAllGlobals();
    const gone = new URL(base).pathname;
    expect((await asked(`${gone}/-/`, "*/*")).code).toBe(404);
  });
});

test("the parity page has every difference that the source names", () => {
  const parity = all.find(({ name }) => name === "parity")!.markdown;
  const lines = differences().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    expect(parity).toContain(line);
    expect(line).toMatch(/^- `[a-z0-9/-]+\.ts`: \S.* because \S.*\S$/);
  }
});
