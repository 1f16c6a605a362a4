import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { APIS, type Type } from '../discovery/api.ts';
import { ApiError, invalid, unknownField } from '../errors.ts';
import { prepareItem, questionsOf } from './items.ts';
import { maskPaths, withoutDefaults, writePaths } from './proto.ts';

type Form = forms_v1.Schema$Form;
type Handlers = {
  [K in keyof forms_v1.Schema$Request]-?: (
    form: Form,
    request: NonNullable<forms_v1.Schema$Request[K]>,
  ) => forms_v1.Schema$Response;
};

const itemsOf = (form: Form) => (form.items ??= []);

function place(location: forms_v1.Schema$Location | undefined, size: number, name = 'location'): number {
  if (!location) throw invalid(`${name} must be set.`);
  const index = location.index ?? 0;
  if (index < 0 || index >= size) throw invalid(`${name}.index ${index} is out of range.`);
  return index;
}

/** @throws ApiError for a mask that is empty or names what the message does not have */
function readMask(mask: string | null | undefined, schema: string, root: string): string[] {
  const paths = maskPaths(mask);
  if (paths.length === 0)
    throw invalid("At least one field must be listed in 'update_mask'. (Use '*' to indicate all fields.)");
  for (const path of paths) {
    let type: Type | undefined = `#${schema}`;
    for (const name of path.split('.')) {
      if (name === '*') break;
      const fields: Record<string, Type> | undefined =
        typeof type === 'string' && type.startsWith('#') ? APIS.forms.schemas[type.slice(1)] : undefined;
      type = fields?.[name];
      if (type === undefined) throw invalid(`Invalid field mask: ${path} is not a field of ${root}.`);
    }
  }
  return paths;
}

const HANDLERS: Handlers = {
  createItem(form, { item, location }) {
    const items = itemsOf(form);
    const index = place(location, items.length + 1);
    const made = prepareItem(form, item ?? {}, items);
    items.splice(index, 0, withoutDefaults(made));
    const questionId = questionsOf(made).map((question) => question.questionId ?? '');
    return { createItem: { itemId: made.itemId ?? '', ...(questionId.length > 0 ? { questionId } : {}) } };
  },
  updateItem(form, { item, location, updateMask }) {
    const items = itemsOf(form);
    const index = place(location, items.length);
    const paths = readMask(updateMask, 'Item', 'item');
    const before = items[index] ?? {};
    const next = writePaths(before, item ?? {}, paths);
    const prepared = prepareItem(
      form,
      next,
      items.filter((_item, at) => at !== index),
    );
    items[index] = withoutDefaults(prepared);
    return {};
  },
  deleteItem(form, { location }) {
    const items = itemsOf(form);
    items.splice(place(location, items.length), 1);
    return {};
  },
  moveItem(form, { originalLocation, newLocation }) {
    const items = itemsOf(form);
    const from = place(originalLocation, items.length, 'original_location');
    const to = place(newLocation, items.length, 'new_location');
    items.splice(to, 0, ...items.splice(from, 1));
    return {};
  },
  updateFormInfo(form, { info, updateMask }) {
    const paths = readMask(updateMask, 'Info', 'info');
    if (paths.includes('documentTitle'))
      throw invalid('document_title can only be set when a form is created.');
    const named = paths.includes('*') ? ['title', 'description'] : paths;
    if (named.includes('title') && info?.title?.includes('\n'))
      throw invalid('Displayed text cannot contain newlines');
    form.info = withoutDefaults(writePaths(form.info ?? {}, info ?? {}, named));
    return {};
  },
  updateSettings(form, { settings, updateMask }) {
    const paths = readMask(updateMask, 'FormSettings', 'settings');
    form.settings = withoutDefaults(writePaths(form.settings ?? {}, settings ?? {}, paths));
    return {};
  },
};

/** @throws ApiError that names the request by its index and kind */
export function applyRequest(
  form: Form,
  request: forms_v1.Schema$Request,
  index: number,
): forms_v1.Schema$Response {
  const kind = Object.keys(request)[0] as keyof Handlers | undefined;
  if (!kind) throw invalid(`Invalid requests[${index}]: No request set.`);
  if (!Object.hasOwn(HANDLERS, kind)) throw unknownField(kind, `requests[${index}]`);
  try {
    return (HANDLERS[kind] as (form: Form, body: unknown) => forms_v1.Schema$Response)(form, request[kind]);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 'INVALID_ARGUMENT') throw error;
    throw new ApiError(error.status, `Invalid requests[${index}].${kind}: ${error.message}`, error.details);
  }
}
