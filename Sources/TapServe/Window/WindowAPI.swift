// swift-format-ignore-file

/// What the window answers, described as OpenAPI has it. Made by scripts/make-window-api.
enum WindowAPI {
    static let text = ####"""
openapi: 3.1.0
info:
  title: tap, the operators' window
  version: "1"
  description: >-
    What a watch or a record shows, for programs. One request a connection. Whoever has a token can acknowledge incidents of a
    watch and add notes; nothing else can be changed. Times that end in _ns are decimal strings of
    nanoseconds since the session's start, for a JSON number holds 2^53 at most; those that end in _utc are for people: a date,
    or the time since the start where the session has none. Unknown is a state of its own and never the last value. Members may
    be added in later versions.
paths:
  /api/state:
    get:
      summary: Everything, as it is now.
      responses:
        "200":
          description: The state.
          content: {application/json: {schema: {$ref: "#/components/schemas/State"}}}
        default: {$ref: "#/components/responses/Refused"}
  /api/events:
    get:
      summary: >-
        A stream of server-sent events. `state` has what /api/state answers, sent when it changes: where a line's level, a loss, a
        finding or an incident is new, at once, ten times a second at most; else four times a second at most; and once a second.
        `beat`, once a second, has `sequence`, `now_ns` and `held_ms`. A client that does not take what is sent misses states in
        between and gets the newest one.
      responses:
        "200":
          description: The stream.
          content: {text/event-stream: {schema: {type: string}}}
        default: {$ref: "#/components/responses/Refused"}
  /api/timeline:
    get:
      summary: >-
        What signals were and what was claimed: as far as the watch remembers, or, of a record, as far as it is summed up. A
        process that serves the window of a recorder may have both: the record up to where the store covers it, and the
        recorder's memory behind. A bucket ends where they meet.
      parameters:
        - {name: from, in: query, required: true, description: "Since the session's start, in nanoseconds.", schema: {type: integer, format: int64, exclusiveMinimum: -1152921504606846976, exclusiveMaximum: 1152921504606846976}}
        - {name: to, in: query, required: true, description: "After from.", schema: {type: integer, format: int64, exclusiveMinimum: -1152921504606846976, exclusiveMaximum: 1152921504606846976}}
        - {name: buckets, in: query, description: "About so many for each lane; fewer where the answer would be too long.", schema: {type: integer, minimum: 1, maximum: 4000, default: 600}}
        - {name: width, in: query, description: "Of a bucket, in nanoseconds, in place of `buckets`; so wide that all lanes together have 4,000 at most. Of the memory, buckets of 100 ms times a power of four begin at multiples of their width.", schema: {type: integer, format: int64, minimum: 1}}
        - {name: lanes, in: query, description: "Names, with commas between them; all where it is left out.", schema: {type: string}}
      responses:
        "200":
          description: The lanes, about 1 MB at most.
          content: {application/json: {schema: {$ref: "#/components/schemas/Timeline"}}}
        default: {$ref: "#/components/responses/Refused"}
  /api/changes:
    get:
      summary: >-
        What became of incidents, in order, and in short how the watch is: for a process that passes it on, as 'tap send' does.
      parameters:
        - {name: after, in: query, description: "The number of the change that is known already, which `next` was; where it is left out: incidents that are open, as they are.", schema: {type: integer, minimum: 0, maximum: 9007199254740991}}
      responses:
        "200":
          description: At most 32 changes; the last 256 are remembered.
          content: {application/json: {schema: {$ref: "#/components/schemas/Changes"}}}
        default: {$ref: "#/components/responses/Refused"}
  /api/incidents/{number}:
    get:
      summary: One incident with the order of its events, as far as it is remembered.
      parameters:
        - {name: number, in: path, required: true, schema: {type: integer, minimum: 0}}
      responses:
        "200":
          description: The incident.
          content: {application/json: {schema: {$ref: "#/components/schemas/Incident"}}}
        default: {$ref: "#/components/responses/Refused"}
  /api/incidents/{number}/ack:
    post:
      summary: >-
        Somebody looks after the incident. The first to say so counts, and the others are kept too. It becomes a note of the
        session, with the user of the process that watches and with the token's name as who they say they are.
      security: [{token: []}]
      parameters:
        - {name: number, in: path, required: true, schema: {type: integer, minimum: 1, maximum: 999999999}}
      requestBody: {$ref: "#/components/requestBodies/Acknowledgement"}
      responses:
        "200": {$ref: "#/components/responses/Done"}
        default: {$ref: "#/components/responses/Refused"}
  /api/incidents/{number}/note:
    post:
      summary: A note of the incident, as an acknowledgement becomes one.
      security: [{token: []}]
      parameters:
        - {name: number, in: path, required: true, schema: {type: integer, minimum: 1, maximum: 999999999}}
      requestBody: {$ref: "#/components/requestBodies/Note"}
      responses:
        "200": {$ref: "#/components/responses/Done"}
        default: {$ref: "#/components/responses/Refused"}
  /api/openapi.yaml:
    get:
      summary: This description.
      responses:
        "200":
          description: The description.
          content: {application/yaml: {schema: {}}}
        default: {$ref: "#/components/responses/Refused"}
  /metrics:
    get:
      summary: The same for Prometheus.
      responses:
        "200":
          description: Prometheus's text format, version 0.0.4.
          content: {text/plain: {schema: {type: string}}}
        default: {$ref: "#/components/responses/Refused"}
components:
  securitySchemes:
    token:
      type: http
      scheme: bearer
      description: Made with 'tap window token add'. A right one is never refused for wrong ones.
  requestBodies:
    Acknowledgement:
      required: true
      content: {application/json: {schema: {$ref: "#/components/schemas/Statement"}}}
    Note:
      required: true
      content:
        application/json:
          schema:
            allOf:
              - {$ref: "#/components/schemas/Statement"}
              - required: [text]
                properties: {text: {pattern: "\\S"}}
  responses:
    Done:
      description: It is said. The state has it 50 ms later at the latest.
      content:
        application/json:
          schema:
            type: object
            required: [done]
            properties: {done: {type: string}}
    Refused:
      description: >-
        400: not understood; 401: without a right token; 403: another site asks, or nothing can be said through this window; 404:
        nothing there; 405: another method; 409: it is another incident now, or the watch does not take it; 411: the length of
        the content is not said; 413: content that is too long or not wanted; 414, 431: too long; 415: no JSON; 421: asked under
        a foreign name; 429: too many streams, wrong tokens or statements; 500: the record cannot be read; 503: the session has
        not begun, or the tokens cannot be read.
      content:
        application/json:
          schema:
            type: object
            required: [error]
            properties: {error: {type: string, description: "One line: what, where, what to do."}}
  schemas:
    Statement:
      type: object
      properties:
        text:
          type: string
          maxLength: 1000
          not: {pattern: "[\\n\\u000b\\f\\r\\u0085\\u2028\\u2029]"}
          description: "What there is to say, one line of at most 1000 bytes; of a note, not blank."
        began_ns:
          allOf: [{$ref: "#/components/schemas/Time"}]
          description: When the incident that is meant began. Where another one has its number now, that is refused.
    Time: {type: string, pattern: "^-?[0-9]{1,20}$"}
    Count: {type: string, pattern: "^[0-9]{1,20}$"}
    Verdict:
      type: string
      enum: [agree, disagree, unknown, unchecked]
      description: >-
        Whether what is said can be believed: it agrees with the wires, it does not, it cannot be known now, nothing compares it.
    Trust:
      type: object
      required: [verdict, since_ns, since_utc, why, cover]
      properties:
        verdict: {$ref: "#/components/schemas/Verdict"}
        since_ns: {oneOf: [{$ref: "#/components/schemas/Time"}, {type: "null"}]}
        since_utc: {type: [string, "null"]}
        why: {type: array, items: {type: string}}
        cover:
          type: object
          required: [compared, tags, unwatched]
          properties:
            compared: {type: integer}
            tags: {type: integer}
            unwatched: {type: array, items: {type: string}}
    Side:
      type: object
      required: [text, state, age_ms]
      properties:
        text: {type: [string, "null"], description: "null: not known."}
        state: {type: string, enum: [known, unknown, lost, muted, silent]}
        age_ms: {type: [integer, "null"], description: "Since it was heard last, in the session's time; null: never."}
        trend: {type: [string, "null"]}
    Row:
      type: object
      required: [tag, signal, unit, wire, claim, difference, verdict, note]
      properties:
        tag: {type: [string, "null"]}
        signal: {type: [string, "null"]}
        unit: {type: string}
        meaning: {type: [string, "null"], description: "Of a line: what high means."}
        wire: {oneOf: [{$ref: "#/components/schemas/Side"}, {type: "null"}]}
        claim: {oneOf: [{$ref: "#/components/schemas/Side"}, {type: "null"}]}
        difference:
          oneOf:
            - {type: "null"}
            - type: object
              required: [text, beyond]
              properties:
                text: {type: string, description: "Claim less wire."}
                beyond: {type: boolean, description: "By the rule, which allows for late claims."}
        verdict: {$ref: "#/components/schemas/Verdict"}
        note: {type: [string, "null"]}
    Outlook:
      type: object
      required: [rule, limit, in_s]
      properties: {rule: {type: string}, limit: {type: string}, in_s: {type: integer}}
    Asset:
      allOf:
        - {$ref: "#/components/schemas/Trust"}
        - type: object
          required: [name, title, zone, rows, outlook]
          properties:
            name: {type: string, description: "Empty: what belongs to no asset."}
            title: {type: string}
            zone: {type: string}
            rows: {type: array, items: {$ref: "#/components/schemas/Row"}}
            outlook: {oneOf: [{$ref: "#/components/schemas/Outlook"}, {type: "null"}]}
    Incident:
      type: object
      description: An incident as docs/formats/watch.md has it, and what follows here.
      required: [incident, state, title, severity, began_utc, known_utc, changed_utc, text, open, acknowledged_utc]
      properties:
        incident: {type: integer}
        state: {type: string}
        title: {type: string}
        severity: {type: string, enum: [low, medium, high]}
        began_utc: {type: string}
        known_utc: {type: string}
        changed_utc: {type: string}
        text: {type: array, items: {type: string}, description: "Lines, as 'tap watch' prints them."}
        open: {type: boolean}
        acknowledged:
          type: object
          description: The first acknowledgement since it opened last; not there where nobody looks after it.
          required: [acknowledgement, by, at_ns, text]
          properties:
            acknowledgement: {type: boolean}
            by: {type: string, description: "The user, as the kernel names it."}
            claimed: {type: string, description: "Who they say they are."}
            at_ns: {type: integer}
            text: {type: string}
        acknowledged_utc: {type: [string, "null"]}
        events:
          type: array
          description: Of /api/incidents/ alone.
          items:
            type: object
            required: [t_ns, utc, wire, claim]
            properties: {t_ns: {$ref: "#/components/schemas/Time"}, utc: {type: string}, wire: {type: string}, claim: {type: string}}
    Asked:
      type: object
      required: [name, from_ns, until_ns, until_utc, user, reason]
      properties:
        name: {type: string}
        from_ns: {$ref: "#/components/schemas/Time"}
        until_ns: {$ref: "#/components/schemas/Time"}
        until_utc: {type: string}
        user: {type: [string, "null"], description: "null: given at the start."}
        reason: {type: string}
    State:
      type: object
      required: [held_ms, site, provenance, wires, speed, mode, sequence, now_ns, decided_ns, behind_ms, utc, dateUTC_ns, ended, trust, assets, incidents, permits, shelved, statements, tap, record]
      properties:
        site:
          type: object
          required: [name, title, zone]
          properties: {name: {type: string}, title: {type: string}, zone: {type: string}}
        provenance: {type: string, enum: [hardware, emulated-kernel, simulated, replayed, remote]}
        wires: {type: string}
        speed: {type: string, pattern: "^([0-9]+|max)$", description: "How many times as fast as real time."}
        mode: {type: string, enum: [live, store], description: "store: what a record has, and nothing that is so now."}
        sequence: {$ref: "#/components/schemas/Count"}
        now_ns: {$ref: "#/components/schemas/Time"}
        decided_ns: {$ref: "#/components/schemas/Time"}
        behind_ms: {type: integer, description: "Real time since the session was last looked at."}
        held_ms: {type: integer, minimum: 0, description: "How old this answer is already: real time since it was asked for by the process that serves it, where that is not the one that watches; 2000 at most."}
        utc: {type: string}
        dateUTC_ns: {oneOf: [{$ref: "#/components/schemas/Count"}, {type: "null"}], description: "UTC at the session's start, since 1970."}
        ended: {type: boolean}
        trust: {$ref: "#/components/schemas/Trust"}
        assets: {type: array, items: {$ref: "#/components/schemas/Asset"}}
        incidents: {type: array, items: {$ref: "#/components/schemas/Incident"}}
        permits: {type: array, items: {$ref: "#/components/schemas/Asked"}}
        shelved: {type: array, items: {$ref: "#/components/schemas/Asked"}}
        statements:
          type: object
          required: [taken, why]
          description: Whether incidents can be acknowledged and noted through this window.
          properties:
            taken: {type: boolean}
            why: {type: [string, "null"], description: "Why not."}
        tap:
          type: object
          required: [sources, recording, clock, blind, late_records, memory]
          properties:
            sources:
              type: array
              items:
                type: object
                required: [name, state, records, lost, gaps, age_ms]
                properties:
                  name: {type: string}
                  state: {type: string, enum: [hearing, lost, muted, ended]}
                  records: {$ref: "#/components/schemas/Count"}
                  lost: {$ref: "#/components/schemas/Count"}
                  gaps: {$ref: "#/components/schemas/Count"}
                  age_ms: {type: [integer, "null"]}
            recording:
              oneOf:
                - {type: "null"}
                - type: object
                  description: What tap run records meanwhile; null where nothing is recorded.
                  required: [store, session, state, problem, covered_entries, checkpoint_age_ms]
                  properties:
                    store: {type: string, description: "Its path."}
                    session: {oneOf: [{$ref: "#/components/schemas/Count"}, {type: "null"}], description: "The number of this session in it; null: it has not begun."}
                    state: {type: string, enum: [recording, paused, failing]}
                    problem: {type: [string, "null"], description: "What keeps records from the medium."}
                    covered_entries:
                      oneOf: [{$ref: "#/components/schemas/Count"}, {type: "null"}]
                      description: Entries of the log that the newest checkpoint covers.
                    checkpoint_age_ms: {type: [integer, "null"], description: "Of the newest checkpoint, by the machine's clock."}
            clock: {type: string}
            blind: {type: array, items: {type: string}}
            late_records: {$ref: "#/components/schemas/Count"}
            memory:
              type: object
              required: [from_ns, to_ns]
              properties: {from_ns: {$ref: "#/components/schemas/Time"}, to_ns: {$ref: "#/components/schemas/Time"}}
        record:
          oneOf:
            - {type: "null"}
            - type: object
              description: Which record is shown; null where the mode is live.
              required: [store, origin, provenance, from_utc, to_utc, to_ns, sessions, entries, root, dropped_segments, watched, failure, remarks, summaries]
              properties:
                store: {type: string, description: "Its path."}
                origin: {type: string}
                provenance: {type: string, description: "As the store's log has it."}
                from_utc: {type: string}
                to_utc: {type: string}
                to_ns: {$ref: "#/components/schemas/Time"}
                sessions: {type: integer}
                entries: {$ref: "#/components/schemas/Count"}
                root: {type: string, pattern: "^[0-9a-f]{64}$", description: "Of the log's tree with those entries."}
                dropped_segments: {$ref: "#/components/schemas/Count"}
                watched: {type: boolean, description: "To its end: until then no verdict is known."}
                failure: {type: [string, "null"], description: "Why it was not."}
                remarks: {type: array, items: {type: string}, description: "What is missing in it."}
                summaries:
                  type: object
                  required: [reach_ns, reach_utc, done, share, kept, evidence, failure]
                  properties:
                    reach_ns: {$ref: "#/components/schemas/Time"}
                    reach_utc: {type: string}
                    done: {type: boolean}
                    share: {type: number, minimum: 0, maximum: 1}
                    kept: {type: [string, "null"], description: "null: in memory."}
                    evidence: {type: boolean, const: false}
                    failure: {type: [string, "null"]}
        past:
          type: object
          description: >-
            The record before the recorder's memory, where the process that serves this reads the store. Not there: it does not.
          required: [store, from_ns, reach_ns, share, evidence, failure, remarks]
          properties:
            store: {type: string, description: "Its path; empty: it was not opened yet."}
            from_ns: {oneOf: [{$ref: "#/components/schemas/Time"}, {type: "null"}], description: "Where the record begins; null: not known yet, or it is of something else."}
            reach_ns: {oneOf: [{$ref: "#/components/schemas/Time"}, {type: "null"}], description: "Up to then the timeline has it from the record."}
            share: {type: number, minimum: 0, maximum: 1, description: "Of the record, summed up."}
            evidence: {type: boolean, const: false}
            failure: {type: [string, "null"], description: "What cannot be read."}
            remarks: {type: array, items: {type: string}, description: "What is missing in it."}
    Changes:
      type: object
      required: [run, next, lost, all, incidents, watch]
      properties:
        run: {type: string, description: "Another one: changes are counted anew."}
        next: {$ref: "#/components/schemas/Count", description: "What to ask for next as `after`."}
        lost: {$ref: "#/components/schemas/Count", description: "Changes after `after` that are not remembered any more."}
        all: {type: boolean, description: "No more are there now."}
        incidents:
          type: array
          items:
            allOf:
              - {$ref: "#/components/schemas/Incident"}
              - properties: {change: {$ref: "#/components/schemas/Count", description: "Its number; not there where `after` was left out."}}
        watch:
          type: object
          required: [site, title, provenance, speed, verdict, why, utc, now_ns, decided_ns, decided_age_ms, behind_ms, ended, incidents_open, open]
          properties:
            site: {type: string}
            title: {type: string}
            provenance: {type: string}
            speed: {type: string}
            verdict: {$ref: "#/components/schemas/Verdict"}
            why: {type: array, items: {type: string}}
            utc: {type: string}
            now_ns: {$ref: "#/components/schemas/Time"}
            decided_ns: {$ref: "#/components/schemas/Time"}
            decided_age_ms: {type: integer, description: "Since what is decided, in the session's time."}
            behind_ms: {type: integer}
            ended: {type: boolean}
            incidents_open: {type: integer}
            open:
              type: array
              description: At most 16 of them.
              items:
                type: object
                required: [incident, severity, title, began_utc, acknowledged]
                properties:
                  incident: {type: integer}
                  severity: {type: string}
                  title: {type: string}
                  began_utc: {type: string}
                  acknowledged: {type: boolean}
    Bucket:
      type: object
      description: >-
        Buckets in which nothing was recorded are left out: a level and a claim are unchanged there, of an analog signal there is
        no sample. A span that is not known is one bucket, however long.
      required: [at_ns, until_ns, min, max, first, last, count, lost, known]
      properties:
        at_ns: {$ref: "#/components/schemas/Time"}
        until_ns: {$ref: "#/components/schemas/Time"}
        min: {type: [number, "null"]}
        max: {type: [number, "null"]}
        first: {type: [number, "null"]}
        last: {type: [number, "null"], description: "At its end; null: not known then."}
        count: {type: integer}
        lost: {type: boolean}
        known: {type: boolean}
    Timeline:
      type: object
      required: [from_ns, to_ns, memory_from_ns, session, lanes, findings]
      properties:
        from_ns: {$ref: "#/components/schemas/Time"}
        to_ns: {$ref: "#/components/schemas/Time"}
        memory_from_ns: {allOf: [{$ref: "#/components/schemas/Time"}], description: "Since when the watch remembers something of every time; 0 of a record."}
        session: {oneOf: [{$ref: "#/components/schemas/Count"}, {type: "null"}], description: "Of the store that is written, this session's number; null: it is not recorded."}
        lanes:
          type: array
          items:
            type: object
            required: [name, kind, unit, of, captured, before, buckets]
            properties:
              name: {type: string}
              kind: {type: string, enum: [digital, analog, claim, count]}
              unit: {type: string}
              of: {type: [string, "null"], description: "The signal that a claim speaks of."}
              words: {type: array, items: {type: string}, description: "Values are places in it."}
              captured: {type: boolean}
              before: {type: [number, "null"], description: "Just before from_ns."}
              buckets: {type: array, items: {$ref: "#/components/schemas/Bucket"}}
              edges:
                type: array
                description: >-
                  Each change in the span, exactly, where there are 2,000 at most, fewer of many lanes, and all are remembered; of a
                  record where the span is 300 s at most.
                items: {type: array, prefixItems: [{$ref: "#/components/schemas/Time"}, {type: [number, "null"]}], minItems: 2, maxItems: 2}
        findings:
          type: array
          description: Of this session; those of a session before it are not known here.
          items:
            type: object
            required: [number, kind, rule, asset, began_ns, ended_ns, severity, excused]
            properties:
              number: {type: integer}
              kind: {type: string, enum: [broken, blind, unproven]}
              rule: {type: string}
              asset: {type: [string, "null"]}
              began_ns: {$ref: "#/components/schemas/Time"}
              ended_ns: {oneOf: [{$ref: "#/components/schemas/Time"}, {type: "null"}]}
              severity: {type: string, enum: [low, medium, high]}
              excused: {type: boolean}

"""####
}
