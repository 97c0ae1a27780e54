/** How wrangler gives a worker a `.wasm` file: compiled at deployment, since a worker may not compile bytes itself. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
