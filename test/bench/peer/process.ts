/**
 * The peer in a process of its own: @ngrok/webernetes, a library for browsers, driven by messages.
 * Its containers are classes; this one answers a probe as a web server would.
 */
import { BaseImage, Cluster, type ProcessContext } from "@ngrok/webernetes";
import type { Asked, Told } from "./peer.ts";

class Web extends BaseImage {
  static readonly imageName = "web";
  static readonly imageVersion = "1.0";
  readonly defaultCommand = ["serve"];

  override async exec(context: ProcessContext, argv: readonly string[]): Promise<number> {
    if (argv[0] !== "serve") return super.exec(context, argv);
    context.listenHttp(8080, async () => ({ status: 200, body: "ok\n" }));
    return context.waitUntilKilled();
  }
}

type Pods = Awaited<ReturnType<Cluster["api"]["corev1"]["listPodForAllNamespaces"]>>;
const areReady = ({ items }: Pods): boolean =>
  items.length > 0 &&
  items.every(({ status }) =>
    status?.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
  );

/** A cluster whose own Pods are Ready, asked as often as the event loop turns. */
async function booted(nodes: number): Promise<Cluster> {
  const cluster = new Cluster({ nodes });
  cluster.registerImage(Web);
  await cluster.init();
  while (!areReady(await cluster.api.corev1.listPodForAllNamespaces({})))
    await new Promise((resolve) => setTimeout(resolve, 1));
  return cluster;
}

async function answer({ what, nodes, manifest }: Asked): Promise<Told> {
  const start = performance.now();
  const cluster = await booted(nodes);
  const bootMs = performance.now() - start;
  const idleMib = process.memoryUsage.rss() / 1024 ** 2;
  let readyMs = 0;
  if (what === "rollout" && manifest !== undefined) {
    const { replicas } = manifest.spec;
    const before = performance.now();
    await new Promise<void>((resolve, reject) => {
      cluster.informer("deployments", (_, { status }) => {
        if (status?.readyReplicas === replicas) resolve();
      });
      cluster.apply([manifest as never]).catch(reject);
    });
    readyMs = performance.now() - before;
  }
  const residentMib = process.memoryUsage.rss() / 1024 ** 2;
  await cluster.close();
  return { bootMs, readyMs, idleMib, residentMib };
}

process.on("message", (asked: Asked) => {
  void answer(asked).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
