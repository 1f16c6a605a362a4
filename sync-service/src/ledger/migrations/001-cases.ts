import { type Kysely, sql } from 'kysely';

/** Cases, their revisions and events, the outbox, and what a cycle must remember. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table batches (
      number text primary key,
      program text not null,
      queue text not null,
      state text not null,
      letter_number text not null default '',
      letter_date text not null default '',
      result text not null default '',
      created_at timestamptz not null,
      sent_at timestamptz
    )`,
    sql`create table cases (
      id integer generated always as identity primary key,
      number text not null unique,
      program text not null,
      form text not null,
      response_id text not null,
      revision integer not null,
      revision_at text not null,
      state text not null,
      queue text,
      route text,
      stage integer not null default 0,
      turn integer not null default 0,
      batch text references batches,
      handover text not null default '',
      letter_number text not null default '',
      letter_date text not null default '',
      moved boolean not null default false,
      received_at timestamptz not null,
      changed_at timestamptz not null,
      due_at timestamptz,
      email text not null,
      edit_url text not null,
      answers jsonb not null,
      facts jsonb not null,
      findings jsonb not null,
      problems jsonb not null,
      changed jsonb not null,
      result text not null default '',
      duplicate_of text,
      name_key text,
      school_key text,
      level text,
      school_year integer,
      certificate_key text,
      unique (program, form, response_id)
    )`,
    sql`create index cases_queue on cases (queue, state)`,
    sql`create index cases_name on cases (name_key)`,
    sql`create index cases_certificate on cases (certificate_key)`,
    sql`create table revisions (
      key text primary key,
      case_id integer not null references cases,
      revision integer not null,
      received_at timestamptz not null,
      answers jsonb not null,
      verdict jsonb not null,
      unique (case_id, revision)
    )`,
    sql`create table events (
      id integer generated always as identity primary key,
      case_id integer not null references cases,
      revision integer not null,
      at timestamptz not null,
      actor text not null,
      trigger text not null,
      from_state text,
      to_state text not null,
      reason text not null default '',
      data jsonb not null default '{}'
    )`,
    sql`create index events_case on events (case_id, id)`,
    sql`create table notices (
      id integer generated always as identity primary key,
      scope text not null,
      case_id integer references cases,
      kind text not null,
      revision integer not null,
      turn integer not null default 0,
      priority integer not null default 0,
      attachments jsonb not null default '[]',
      message_id text not null unique,
      recipient text not null,
      data jsonb not null,
      state text not null,
      attempts integer not null default 0,
      created_at timestamptz not null,
      due_at timestamptz not null,
      claimed_at timestamptz,
      sent_at timestamptz,
      reply text not null default '',
      unique (scope, kind, revision, turn)
    )`,
    sql`create index notices_case on notices (case_id)`,
    sql`create index notices_waiting on notices (due_at) where state in ('pending', 'claimed')`,
    sql`create table ticks (
      scope text primary key,
      content text not null,
      seen text not null,
      seen_at timestamptz not null
    )`,
    sql`create table parked (key text primary key, reason text not null, at timestamptz not null)`,
    sql`create table counters (program text primary key, last integer not null)`,
    sql`create table documents (role text primary key, id text not null, data jsonb not null default '{}')`,
    sql`create table cursors (name text primary key, value text not null)`,
    sql`create table files (id text primary key, name text not null, type text not null, content text not null)`,
    sql`create table tokens (hash text primary key, case_id integer not null references cases)`,
    sql`create table registered_elsewhere (
      key text primary key,
      name_key text not null,
      level text,
      certificate_key text not null,
      source text not null,
      at timestamptz not null
    )`,
    sql`create index registered_elsewhere_certificate on registered_elsewhere (certificate_key)`,
    sql`create table audit (
      id integer generated always as identity primary key,
      at timestamptz not null,
      actor text not null,
      subject text not null,
      before text not null,
      after text not null
    )`,
    sql`create table settings (
      key text primary key,
      value text not null,
      typed text not null,
      problem text not null default ''
    )`,
    sql`create table leases (name text primary key, holder text not null, until timestamptz not null)`,
    sql`create table nonces (nonce text primary key, at timestamptz not null)`,
    // "accountable": the history is append-only, also for a hand at the database.
    sql`create function refuse_event_change() returns trigger language plpgsql as
      $$ begin raise exception 'events are append-only'; end $$`,
    sql`create trigger events_append_only before update or delete on events
      for each row execute function refuse_event_change()`,
  ];
  for (const statement of statements) await statement.execute(db);
}
