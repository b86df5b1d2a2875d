/** Joins the Worker and the Durable Object. */
import { app } from "#edge/app.ts";

export { Cluster } from "#cluster/cluster.ts";

export default app;
