import { defineConfig } from "oxlint";

/**
 * Who may import whom, in one table: room → the rooms it may import besides itself.
 * The lint rules below and test/architecture.test.ts derive from it.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  apimachinery: [],
  client: ["apimachinery"],
  store: ["apimachinery"],
  apiserver: ["apimachinery", "store"],
  controllers: ["apimachinery", "client"],
  scheduler: ["apimachinery", "client"],
  // What runs in containers uses the network of its node.
  kubelet: ["apimachinery", "client", "network"],
  network: ["apimachinery", "client"],
  cluster: [
    "apimachinery",
    "client",
    "apiserver",
    "controllers",
    "scheduler",
    "kubelet",
    "network",
  ],
  directory: ["apimachinery"],
  learn: ["apimachinery", "client", "directory"],
  edge: ["apimachinery", "apiserver", "directory", "learn"],
};
const rooms = Object.keys(mayImport);

/** Rooms whose code never waits: no `async`, no timers. */
export const synchronousRooms: readonly string[] = [
  "apimachinery",
  "store",
  "client",
  "controllers",
  "scheduler",
  "kubelet",
  "network",
];
/** Rooms that get time, chance and ids from outside, so that a seed replays a cluster. */
export const replayedRooms: readonly string[] = [
  "store",
  "client",
  "apiserver",
  "controllers",
  "scheduler",
  "kubelet",
  "network",
  "cluster",
];

interface ImportPatterns {
  patterns: { group: string[]; message: string }[];
}
/** An override replaces a rule wholesale, so every room repeats the ban on `../`. */
function importRule(room: string, forbidden: readonly string[]): ["error", ImportPatterns] {
  const patterns = [
    { group: ["../**"], message: "Import across folders by the room's name: #room/file.ts." },
    ...(forbidden.length === 0
      ? []
      : [
          {
            group: forbidden.map((other) => `#${other}/**`),
            message: `${room}/ may not import this room: see mayImport in oxlint.config.ts.`,
          },
        ]),
  ];
  return ["error", { patterns }];
}

const inject = "Take the cluster's clock, a seeded source or an injected id instead.";
const restrictedGlobals = [
  "Date",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "performance",
  "scheduler",
].map((name) => ({ name, message: inject }));
const restrictedProperties = [
  { object: "Math", property: "random", message: inject },
  { object: "crypto", property: "randomUUID", message: inject },
  { object: "crypto", property: "getRandomValues", message: inject },
];

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "oxc", "vitest"],
  categories: { correctness: "error" },
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  ignorePatterns: [
    "content/site/**",
    "migrations/**",
    "dist/**",
    "worker/apimachinery/api/*-v*.ts",
  ],
  rules: {
    "import/no-cycle": ["error", { ignoreTypes: true }],
    "import/no-default-export": "error",
    "no-restricted-imports": importRule("This file", []),
    "typescript/explicit-module-boundary-types": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-floating-promises": "error",
    "typescript/restrict-template-expressions": "off",
    "typescript/unbound-method": "off",
    // Wire values are unknown until they are checked; what is printed of them is their text.
    "typescript/no-base-to-string": "off",
    // Wire types promise what a client may still leave out.
    "typescript/no-useless-default-assignment": "off",
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "unicorn/no-thenable": "off",
    "prefer-const": "error",
    "no-var": "error",
    eqeqeq: "error",
    "vitest/valid-title": "off",
    "vitest/expect-expect": "off",
    "vitest/no-conditional-expect": "off",
    // The second argument says which of many rows it was.
    "vitest/valid-expect": ["error", { maxArgs: 2 }],
    "vitest/require-mock-type-parameters": "off",
  },
  overrides: [
    {
      // The client's models are classes; a copy of one is plain data again.
      files: ["test/e2e/clients.test.ts"],
      rules: { "typescript/no-misused-spread": "off" },
    },
    ...rooms.map((room) => ({
      files: [`worker/${room}/**`],
      rules: {
        "no-restricted-imports": importRule(
          room,
          rooms.filter((other) => other !== room && !mayImport[room]?.includes(other)),
        ),
      },
    })),
    {
      files: ["worker/apiserver/front/**"],
      rules: {
        "no-restricted-imports": importRule(
          "apiserver/front",
          rooms.filter((other) => !["apimachinery", "apiserver"].includes(other)),
        ),
      },
    },
    {
      files: ["worker/cluster/wiring.ts"],
      rules: {
        "no-restricted-imports": importRule("cluster/wiring.ts", ["edge", "directory", "learn"]),
      },
    },
    {
      files: replayedRooms.map((room) => `worker/${room}/**`),
      rules: {
        "no-restricted-globals": ["error", ...restrictedGlobals],
        "no-restricted-properties": ["error", ...restrictedProperties],
      },
    },
    {
      files: synchronousRooms.map((room) => `worker/${room}/**`),
      rules: { "oxc/no-async-await": "error" },
    },
    {
      // The one place that knows wall time, and the source of keys that must not be guessed.
      files: ["worker/cluster/wall.ts", "worker/cluster/host/secrets.ts"],
      rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" },
    },
    {
      // What the platform and the tools look for. A pattern without a slash would match in every folder.
      files: [
        "{oxlint,vitest}.config.ts",
        "drizzle.{store,directory}.ts",
        "worker/index.ts",
        "test/bench/*/worker.ts",
        "test/support/global.ts",
        "worker/**/*.d.ts",
      ],
      rules: { "import/no-default-export": "off" },
    },
    {
      files: ["test/**", "content/page/**", "content/embed/**"],
      rules: { "typescript/explicit-module-boundary-types": "off" },
    },
    {
      files: ["test/**"],
      rules: { "typescript/no-non-null-assertion": "off" },
    },
  ],
});
