import { readSample } from '../../sync-service/src/notices/render.ts';
import { NOTICE_SCHEMAS, type NoticeKind } from '../../sync-service/src/notices/types.ts';

/** The sample with everything missing that may be: each nullable field null, each list empty, each flag down. */
export function bareData(kind: NoticeKind): object {
  let data: Record<string, unknown> = { ...readSample(kind) };
  for (const key of Object.keys(data))
    for (const nothing of [null, [], false, 0]) {
      const less = { ...data, [key]: nothing };
      if (!NOTICE_SCHEMAS[kind].safeParse(less).success) continue;
      data = less;
      break;
    }
  return data;
}
