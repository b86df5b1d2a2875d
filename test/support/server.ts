/** kubestep as a process of its own, which a test may kill: `node server.ts <folder> <port>` prints its URL. */
import { serve } from "#local/serve.ts";

const [, , persistTo = "", port = "0"] = process.argv;
const served = await serve({ host: "127.0.0.1", port: Number(port), persistTo });
console.log(served.url);
