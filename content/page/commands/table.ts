/** A Table of the API server as kubectl prints it: three spaces between columns, upper-case heads. */

interface Column {
  readonly name: string;
  readonly priority?: number;
}
export interface Table {
  readonly kind: string;
  readonly columnDefinitions?: readonly Column[];
  readonly rows?: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly namespace?: string } };
  }[];
}

export interface TableOptions {
  readonly wide: boolean;
  readonly namespaces: boolean;
}

export function tableText(
  { columnDefinitions = [], rows = [] }: Table,
  { wide, namespaces }: TableOptions,
): string {
  const shown = columnDefinitions
    .map((column, i) => ({ column, i }))
    .filter(({ column }) => wide || !column.priority);
  const heads = shown.map(({ column }) => column.name.toUpperCase());
  const lines = [
    namespaces ? ["NAMESPACE", ...heads] : heads,
    ...rows.map(({ cells, object }) => {
      const row = shown.map(({ i }) => String(cells[i] ?? "<none>"));
      return namespaces ? [object?.metadata?.namespace ?? "", ...row] : row;
    }),
  ];
  const widths =
    lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === line.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + 3)))
        .join(""),
    )
    .join("\n");
}
