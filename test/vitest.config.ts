/**
 * Three kinds of tests, told apart by their file names: pure ones in Node, the worker's inside workerd with real R2 and Durable
 * Objects, and black-box ones over HTTP against a running worker.
 */
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { reserveWebhookUrl } from "./fixtures/webhook-server.ts";

/** The worker under test gets it as a secret; test/fixtures/webhook-setup.ts serves it. */
const webhookUrl = await reserveWebhookUrl();
const root = new URL("..", import.meta.url).pathname;

export default defineConfig({
  test: {
    reporters: ["default", ["json", { outputFile: `${root}.build/test-results.json` }]],
    projects: [
      { root, test: { name: "node", include: ["test/**/*.node.test.ts"] } },
      {
        root,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: `${root}wrangler.toml` },
            miniflare: {
              bindings: {
                TRAINER_TOKEN: "trainer-one,trainer-two",
                ADMIN_TOKEN: "admin-one",
                ALERT_WEBHOOK_URL: webhookUrl,
              },
            },
          }),
        ],
        test: {
          name: "worker",
          include: ["test/**/*.worker.test.ts"],
          globalSetup: ["test/fixtures/openai-setup.ts", "test/fixtures/webhook-setup.ts"],
        },
      },
      {
        root,
        test: {
          name: "conformance",
          include: ["test/conformance/*.test.ts"],
          globalSetup: ["test/conformance/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
