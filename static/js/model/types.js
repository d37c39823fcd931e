/**
 * The shapes of the trace document that the page plays; the engine makes it, nothing here computes it.
 *
 * @typedef {number | null} Value
 * @typedef {{role: string, axes: string[], shape: number[], values: any, of?: string, from?: number[][]}} Tensor
 * @typedef {{at: number[][], source?: number[][], targets?: number[][], weights?: number[][]}} Axis
 * @typedef {{start: number, count: number, total: number, offset: number, position: number[][],
 *   products: Value[][], value: Value[]}} Steps
 * @typedef {{per_axis: number[][], counts?: number[][], min: number, max: number, even: boolean}} Overlap
 * @typedef {{id: string, operation: string, by?: "input" | "output", input: string, inputs?: string[], kernel?: string, output: string,
 *   groups?: number, padding?: number[][], stride?: number[], dilation?: number[], kernel_size?: number[],
 *   padding_mode?: string, flip?: boolean, bias?: number[] | null, mode?: string, function?: string,
 *   count_include_pad?: boolean, output_padding?: number[], permutation?: number[], cost?: Cost, receptive_field?: number[], channels: number[][], axes: Axis[], steps: Steps,
 *   overlap?: Overlap, zero_stuffed?: {input: string, kernel: string, axes: Axis[]},
 *   matrix?: {shape: number[], values: number[][]}}} Stage
 * @typedef {{multiplications: number, additions: number, parameters: number, comparisons?: number}} Cost
 * @typedef {{rank: number, separable: boolean, singular_values: number[], column: number[], row: number[],
 *   first: number[][], rest: number[][], error: number, share: number}} Separability
 * @typedef {{kernel_size: number, stride: number, dilation: number, extent: number, size: number,
 *   receptive_field: number}} Layer
 * @typedef {{key: string, latex: string, substituted?: string, value?: any, mathml?: string,
 *   axes?: {substituted: string, value: any, mathml?: string}[]}} Formula
 * @typedef {{output_shape: number[], steps: number, multiplications: number, additions: number, parameters: number,
 *   receptive_field: number[] | null, baseline: null | {name: string, multiplications?: number, parameters?: number},
 *   formulas: Formula[], notes?: {code: string, message: string, values?: Record<string, any>}[],
 *   equivalent?: {stuffed_size: number[], padding: number[][], stride: number}, compared?: string[],
 *   comparisons?: number, symmetric?: boolean, relation?: {number: number | null, name: string} | null,
 *   layers?: Layer[], gaps?: number, sees?: number[][], stacked?: Overlap[], phases?: number[], strength?: number,
 *   strengths?: Record<string, number>,
 *   remainder?: number[], separability?: Separability}} Facts
 * @typedef {{kind: string, params: Record<string, any>, tensors: Record<string, Tensor>, stages: Stage[],
 *   facts: Facts}} Trace
 *
 * A cell of a tensor, by its full index; and many cells as the product of one list of indices an axis.
 * @typedef {{tensor: string, index: number[]}} Cell
 * @typedef {{tensor: string, axes: number[][]}} Lattice
 *
 * One step of the whole sequence: where it stands and what it multiplies.
 * @typedef {{number: number, stage: Stage, position: number[], products: Value[], value: Value}} Step
 */

export {};
