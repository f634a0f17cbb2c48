export const id = 163;
export const ids = [163];
export const modules = {

/***/ 6163:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readJournal: () => (/* binding */ readJournal)
});

// UNUSED EXPORTS: parseJournal

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./src/rollback/journal.ts
var journal = __webpack_require__(3695);
// EXTERNAL MODULE: ./src/model/json.ts
var json = __webpack_require__(7979);
// EXTERNAL MODULE: ./src/model/link.ts
var model_link = __webpack_require__(1073);
// EXTERNAL MODULE: ./src/model/decode.ts
var decode = __webpack_require__(6875);
// EXTERNAL MODULE: ./src/kinds/kinds.ts
var kinds = __webpack_require__(2784);
// EXTERNAL MODULE: ./src/model/remark.ts
var remark = __webpack_require__(7309);
// EXTERNAL MODULE: ./src/github/workspace.ts
var workspace = __webpack_require__(2442);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 17 modules
var schemas = __webpack_require__(8816);
;// CONCATENATED MODULE: ./src/inputs/journal-schema.ts
// The shape of the lines of a journal, from which their JSON Schema is made too.

const id = schemas/* int */.Whr().positive();
const hash = schemas/* string */.YjP().regex(/^[0-9a-f]{64}$/);
const keys = /^[a-z][a-z-]*:.+$/;
const key = schemas/* string */.YjP().regex(keys).describe('How the plan names what is written, by its names in the target');
const journal_schema_name = schemas/* string */.YjP();
// What comes out of a JSON text is JSON.
const values = schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J());
const side = schemas/* strictObject */.rej({
    origin: schemas/* string */.YjP().regex(/^https?:\/\/[^/]+$/),
    account: id,
    project: schemas/* strictObject */.rej({ id, name: journal_schema_name })
});
const value = schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* null */.chJ(), schemas/* strictObject */.rej({ secret: schemas/* literal */.euz(true) })])
    .describe('A value of a variable; null for none. Of a secret it is only told that it is there');
/** The first line. */
const headSchema = schemas/* strictObject */.rej({
    journal: schemas/* literal */.euz('dbt-promote'),
    version: schemas/* literal */.euz(2).describe('A reader must refuse a version that it does not know'),
    source: side.describe('The project that was promoted from'),
    target: side.describe('The project that was written'),
    track: schemas/* enum */.k5n(['marker', 'name']),
    label: schemas/* string */.YjP(),
    plan: hash.describe('Hash of the plan that was applied'),
    undoes: hash.nullable().describe('Hash of the plan that this run undid; null for a promotion'),
    changes: schemas/* int */.Whr().nonnegative().describe('How many lines of planned changes follow')
})
    .describe('The first line: which promotion it was');
/** The line of an object that was planned. */
const objectSchema = schemas/* strictObject */.rej({
    op: schemas/* enum */.k5n(['create', 'update', 'pause', 'unchanged']),
    kind: schemas/* enum */.k5n(['attributes', 'environment', 'job']),
    key,
    name: journal_schema_name.describe('The name in the target'),
    environment: journal_schema_name
        .nullable()
        .describe('The name of the environment in the target; null for an environment'),
    source: schemas/* strictObject */.rej({ id, name: journal_schema_name }).describe('The object of the source'),
    id: id.nullable().describe('The id in the target; null for a new object'),
    before: values
        .nullable()
        .describe('What of the object can be written, as it was before, by field'),
    values: values.describe('What the plan sets, by field, with ids as references'),
    refs: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* strictObject */.rej({ key, statuses: schemas/* array */.YOg(schemas/* int */.Whr()).readonly().exactOptional() }))
        .describe('The references among it to what had no id yet, by field')
})
    .describe('An object that was to be written, or to which values refer');
/** The line of a variable or an override that was planned. */
const valuesSchema = schemas/* strictObject */.rej({
    op: schemas/* enum */.k5n(['create', 'update', 'unchanged']),
    kind: schemas/* enum */.k5n(['variable', 'override']),
    key,
    name: journal_schema_name.describe('The name of the variable'),
    environment: journal_schema_name.nullable(),
    job: schemas/* strictObject */.rej({ key, name: journal_schema_name }).nullable().describe('The job of an override'),
    writes: schemas/* array */.YOg(schemas/* strictObject */.rej({
        scope: schemas/* union */.KCZ([schemas/* literal */.euz('project'), key]).describe('Where the value counts'),
        before: value,
        after: value
    }))
})
    .describe('Values that were to be written');
/** The line before a write. */
const attemptSchema = schemas/* strictObject */.rej({
    key,
    sent: values.describe('What was sent, by field, with ids as references; of an object that was there, only what changed')
})
    .describe('Stands before each write of an object');
/** The line after a write. */
const outcomeSchema = schemas/* strictObject */.rej({
    key,
    status: schemas/* enum */.k5n(['applied', 'failed', 'unclear', 'partial', 'unlinked', 'not-attempted']),
    id: id.nullable(),
    refused: schemas/* array */.YOg(schemas/* string */.YjP())
        .describe('The fields that the account did not take as they were sent')
})
    .describe('What became of a change; the last line of a key counts');
/** Any line. */
const lineSchema = schemas/* union */.KCZ([
    headSchema,
    objectSchema,
    valuesSchema,
    attemptSchema,
    outcomeSchema
]);

;// CONCATENATED MODULE: ./src/inputs/read-journal.ts
// Reads a journal, and says what is wrong with one that can't be used. Of a journal that is cut, its whole lines are used.









const remedy = 'Give the file that the output journal-path of the run named, as that run left it.';
/** Reads a journal. @param file its path, from the workspace */
async function readJournal(file) {
    try {
        return parseJournal(await (0,promises_.readFile)(await (0,workspace/* readablePath */.q)(file), 'utf8'));
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return failed(`The journal could not be read: ${why}.`);
    }
}
/** A line that is wrong. It shows no value: values of variables are among them. */
class LineFault extends Error {
}
/** Parses the text of a journal. */
function parseJournal(text) {
    const lines = text.split('\n');
    // Each line ends with a break, so what stands after the last one was mostly cut while it was written.
    const isWhole = (0,json/* isObject */.Gv)(parsed(lines.at(-1) ?? ''));
    const whole = isWhole ? lines : lines.slice(0, -1);
    const first = parsed(whole[0] ?? '');
    if (!(0,json/* isObject */.Gv)(first) || !('journal' in first))
        return failed(...noJournal(text, first));
    if (first['version'] !== 1 && first['version'] !== 2) {
        return failed('The journal has a version that this dbt-promote does not know.', 'Roll back with the version of dbt-promote that wrote it, or a later one.');
    }
    try {
        const { version } = first;
        const head = checked(headSchema, { ...first, version: 2 }, 1);
        return { journal: assembled(whole, head, version), problems: [] };
    }
    catch (error) {
        if (!(error instanceof LineFault))
            throw error;
        return failed(error.message, 'A journal is not made to be edited, but for lines that are taken out. ' + remedy);
    }
}
function failed(message, help = remedy) {
    return { journal: undefined, problems: [(0,remark/* problem */.CC)(message, help)] };
}
function noJournal(text, first) {
    if (text.trim() === '')
        return ['The journal is empty.'];
    const file = parsed(text);
    if ((0,json/* isObject */.Gv)(file) && 'changes' in file && 'hash' in file) {
        return [
            'The input rollback-from names a plan file, and not a journal.',
            'A plan says what was meant, a journal what was done: give the file that the output journal-path of the run named.'
        ];
    }
    if (first === undefined && file === undefined)
        return [
            'The file in rollback-from is no journal, or one that is cut in its first line: that is no JSON.'
        ];
    return ['The file in rollback-from is no journal of dbt-promote.'];
}
function assembled(lines, head, version) {
    const entries = new Map();
    const attempts = new Map();
    const outcomes = new Map();
    for (const [index, line] of lines.entries()) {
        if (index === 0 || line === '')
            continue;
        const at = index + 1;
        const raw = parsed(line);
        if (!(0,json/* isObject */.Gv)(raw))
            throw new LineFault(`Line ${at} of the journal is no JSON object.`);
        if ('op' in raw) {
            const entry = entryOf(raw, at, version);
            if (entries.has(entry.key))
                throw new LineFault(`Line ${at} of the journal plans for the second time what another line plans.`);
            entries.set(entry.key, entry);
        }
        else if ('sent' in raw) {
            const { key, sent } = checked(attemptSchema, raw, at);
            attempts.set(key, [...(attempts.get(key) ?? []), sent]);
        }
        else {
            const outcome = checked(outcomeSchema, raw, at);
            outcomes.set(outcome.key, outcome);
        }
    }
    return { head, entries: [...entries.values()], attempts, outcomes };
}
// Version 1 had references among the values, as {"ref": key} or {"job": {"ref": key}, "statuses": []}.
function withRefs(raw) {
    const kind = raw['kind'];
    if (!(0,json/* isObject */.Gv)(raw['values']) || !(0,kinds/* isKind */.VF)(kind))
        return raw;
    const references = (0,model_link/* referencesOf */.CL)((0,kinds/* fieldsOf */.Pf)(kind));
    const refs = {};
    const values = {};
    for (const [path, value] of Object.entries(raw['values'])) {
        const link = references.has(path) && (0,json/* isObject */.Gv)(value) ? linkIn(value) : undefined;
        if (link)
            refs[path] = link;
        else
            values[path] = value;
    }
    return { ...raw, values, refs };
}
function linkIn({ ref, job, statuses }) {
    if (ref !== undefined)
        return { key: ref };
    return (0,json/* isObject */.Gv)(job) && job['ref'] !== undefined
        ? { key: job['ref'], statuses: statuses ?? [] }
        : undefined;
}
function entryOf(raw, at, version) {
    const isOfValues = raw['kind'] === 'variable' || raw['kind'] === 'override';
    const entry = isOfValues
        ? checked(valuesSchema, raw, at)
        : checked(objectSchema, version === 1 ? withRefs(raw) : raw, at);
    if (!entry.key.startsWith(`${entry.kind}:`))
        throw new LineFault(`Line ${at} of the journal: key is none of its kind.`);
    if (!(0,journal/* isValuesEntry */.zj)(entry)) {
        const isThere = entry.op !== 'create';
        if (isThere !== (entry.id !== null))
            throw new LineFault(`Line ${at} of the journal: id does not fit op.`);
        checkBefore(entry.kind, entry.before ?? {}, at);
    }
    return entry;
}
// What was before is what is written back, so it must be what the API could have sent.
function checkBefore(kind, before, at) {
    const fields = (0,kinds/* fieldsOf */.Pf)(kind);
    for (const [path, value] of Object.entries(before)) {
        if (!(0,journal/* isWritable */.nH)(kind, path))
            throw new LineFault(`Line ${at} of the journal: before holds a field that no ${kind} has.`);
        try {
            fields[path]?.decode(value, `before.${path}`);
        }
        catch (error) {
            if (error instanceof decode/* ShapeError */.ym)
                throw new LineFault(`Line ${at} of the journal: ${error.message}.`);
            throw error;
        }
    }
}
function checked(schema, raw, at) {
    const result = schema.safeParse(raw);
    if (result.success)
        return result.data;
    const [issue] = result.error.issues;
    const path = (issue?.path ?? []).map(String).join('.');
    const what = path === '' ? '' : `${path}: `;
    throw new LineFault(`Line ${at} of the journal: ${what}${(issue?.message ?? 'unknown').replace(/^Invalid input: /, '')}.`);
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}


/***/ })

};
