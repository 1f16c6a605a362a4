import { type Kysely, sql } from 'kysely';

/** Erasure: what was asked for, how far it is, and the one change that the history lets through. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`alter table cases add column erased_at timestamptz`,
    sql`alter table revisions add column fingerprint text`,
    sql`alter table registered_elsewhere add column program text`,
    sql`create table erasures (
      case_id integer primary key references cases,
      actor text not null,
      reason text not null,
      even_open boolean not null,
      asked_at timestamptz not null,
      erased_at timestamptz,
      intake_at timestamptz
    )`,
    sql`create index erasures_waiting on erasures (case_id) where erased_at is null or intake_at is null`,
    // The parentheses keep the cases' `then` from ending the condition.
    // "accountable" but for erasure: in an erased case reason, typed name and typed data give way to neutral values, and
    // nothing else. When what happened, and to which state, stays; what erasure itself says can never be changed.
    sql`create or replace function refuse_event_change() returns trigger language plpgsql as
      $$ begin
        if tg_op = 'UPDATE'
          and old.trigger <> 'erased'
          and row(new.id, new.case_id, new.revision, new.at, new.trigger, new.to_state)
            = row(old.id, old.case_id, old.revision, old.at, old.trigger, old.to_state)
          and new.from_state is not distinct from old.from_state
          and new.reason = ''
          and new.actor = (case
            when old.actor in ('teacher', 'service', 'administrator', 'import-registered') then old.actor
            else 'reviewer' end)
          and new.data = (case
            when old.data->'decision' is null then '{}'::jsonb
            else jsonb_build_object('decision', old.data->'decision') end)
          and exists (select 1 from cases where cases.id = old.case_id and cases.erased_at is not null)
        then return new;
        end if;
        raise exception 'events are append-only';
      end $$`,
  ];
  for (const statement of statements) await statement.execute(db);
}
