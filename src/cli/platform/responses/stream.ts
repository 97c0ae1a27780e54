/** A written response as the events of a stream, in the order in which the API sends them. Pure. */
import type {
  Response as ApiResponse,
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import type { Written } from "./writer.ts";

/** Characters of one delta: about what a few tokens are. */
const DELTA_CHARACTERS = 16;

type Unnumbered = ResponseStreamEvent extends infer Event
  ? Event extends { sequence_number: number }
    ? Omit<Event, "sequence_number">
    : never
  : never;

/** Numbered from 0. */
export function eventsOf(written: Written): { type: string; data: string }[] {
  return unnumbered(written).map((event, sequence_number) => ({
    type: event.type,
    data: JSON.stringify({ ...event, sequence_number }),
  }));
}

function unnumbered(written: Written): Unnumbered[] {
  const response: ApiResponse = { ...written, output_text: "" };
  const begun: ApiResponse = { ...response, status: "in_progress", output: [] };
  delete begun.usage;
  return [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...written.output.flatMap(itemEvents),
    { type: "response.completed", response },
  ];
}

function itemEvents(item: ResponseOutputItem, output_index: number): Unnumbered[] {
  return [
    { type: "response.output_item.added", output_index, item: unfinished(item) },
    ...contentEvents(item, output_index),
    { type: "response.output_item.done", output_index, item },
  ];
}

function unfinished(item: ResponseOutputItem): ResponseOutputItem {
  if (item.type === "function_call") return { ...item, arguments: "", status: "in_progress" };
  if (item.type === "message") return { ...item, content: [], status: "in_progress" };
  return item;
}

function contentEvents(item: ResponseOutputItem, output_index: number): Unnumbered[] {
  if (item.type === "function_call") return callEvents(item, output_index);
  return item.type === "message" ? messageEvents(item, output_index) : [];
}

function callEvents(item: ResponseFunctionToolCall, output_index: number): Unnumbered[] {
  const place = { item_id: item.id ?? "", output_index };
  return [
    ...deltasOf(item.arguments).map((delta): Unnumbered => ({
      type: "response.function_call_arguments.delta",
      ...place,
      delta,
    })),
    {
      type: "response.function_call_arguments.done",
      ...place,
      arguments: item.arguments,
    },
  ];
}

function messageEvents(item: ResponseOutputMessage, output_index: number): Unnumbered[] {
  return item.content.flatMap((part, content_index): Unnumbered[] => {
    if (part.type !== "output_text") return [];
    const place = { item_id: item.id, output_index, content_index };
    return [
      { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
      ...deltasOf(part.text).map((delta): Unnumbered => ({
        type: "response.output_text.delta",
        ...place,
        delta,
        logprobs: [],
      })),
      { type: "response.output_text.done", ...place, text: part.text, logprobs: [] },
      { type: "response.content_part.done", ...place, part },
    ];
  });
}

/** Never within a character. */
function deltasOf(text: string): string[] {
  const characters = Array.from(text);
  const starts = characters.keys().filter((at) => at % DELTA_CHARACTERS === 0);
  return [...starts].map((at) => characters.slice(at, at + DELTA_CHARACTERS).join(""));
}
