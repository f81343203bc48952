/** What a peer's user installs and imports, and the smallest program that streams with it. */
export interface Product {
  peer: string;
  packages: readonly string[];
  minimalProgram: string;
}

/** The peers that are packages of their own; variants of one client and the floor without any are left out. */
export async function productsOf(peers: readonly string[]): Promise<Product[]> {
  const products: Product[] = [];
  for (const peer of peers) {
    const { packages, minimalProgram } = (await import(`../peers/${peer}.ts`)) as Partial<Product>;
    if (packages && minimalProgram) products.push({ peer, packages, minimalProgram });
  }
  return products;
}
