export const id = 628;
export const ids = [628];
export const modules = {

/***/ 7628:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readConfig: () => (/* binding */ readConfig)
});

// UNUSED EXPORTS: parseConfig

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./src/promotion/near.ts + 1 modules
var near = __webpack_require__(8708);
// EXTERNAL MODULE: ./src/promotion/problem.ts
var problem = __webpack_require__(8650);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 17 modules
var schemas = __webpack_require__(8816);
;// CONCATENATED MODULE: ./src/config/schema.ts
// The shape of the config file, from which its JSON Schema is made too. What values mean together is checked when the
// spec is made.

const selector = schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* int */.Whr().positive()])
    .describe('An id, a name, or a name with * and ?');
const json = schemas/* json */.Pq9();
const set = schemas/* record */.g1P(schemas/* string */.YjP(), json)
    .describe('Values to fix, by field: dotted (settings.threads) or nested. See docs/what-is-promoted.md');
const keep = schemas/* array */.YOg(schemas/* string */.YjP().min(1))
    .describe('Fields, or parts of them, that are left to the target once the object is there');
const environment = schemas/* strictObject */.rej({
    from: selector.describe('The environment of the source: an id, a name, or a name with * and ?'),
    to: schemas/* string */.YjP()
        .min(1)
        .optional()
        .describe('Its name in the target; {1} is what the first wildcard matched'),
    set: set.optional(),
    keep: keep.optional()
});
const jobRule = schemas/* strictObject */.rej({
    match: selector.describe('The jobs that the rule is for'),
    name: schemas/* string */.YjP()
        .min(1)
        .optional()
        .describe('Their name in the target; {name}, {environment}, {1} ...'),
    set: set.optional(),
    keep: keep.optional()
});
const project = schemas/* strictObject */.rej({
    project: schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* int */.Whr().positive()]).describe('Project, by id or exact name')
});
/** The config file. */
const configSchema = schemas/* strictObject */.rej({
    source: project.optional(),
    target: project.optional(),
    resources: schemas/* array */.YOg(schemas/* enum */.k5n(['environments', 'jobs']))
        .optional()
        .describe('The kinds that are promoted; default both'),
    environments: schemas/* array */.YOg(schemas/* union */.KCZ([schemas/* string */.YjP().min(1), environment]))
        .optional()
        .describe('The environments to promote, in order: selectors as in the input, or entries with rules'),
    jobs: schemas/* union */.KCZ([
        schemas/* array */.YOg(selector),
        schemas/* strictObject */.rej({
            select: schemas/* array */.YOg(selector).optional().describe('The jobs to promote; default all'),
            rules: schemas/* array */.YOg(jobRule).optional().describe('All that match apply, later ones win')
        })
    ])
        .optional()
        .describe('The jobs to promote, and what is done with them'),
    references: schemas/* strictObject */.rej({
        jobs: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* union */.KCZ([
            schemas/* int */.Whr().positive(),
            schemas/* strictObject */.rej({ job: schemas/* int */.Whr().positive(), project: schemas/* int */.Whr().positive() })
        ]))
            .optional()
            .describe('Source job -> job of the target project, or {job, project} of another'),
        environments: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* int */.Whr().positive())
            .optional()
            .describe('Source environment -> target environment'),
        unresolved: schemas/* enum */.k5n(['fail', 'drop'])
            .optional()
            .describe('What becomes of references that nothing resolves')
    })
        .optional(),
    connections: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* int */.Whr().positive()]))
        .optional()
        .describe('Source connection -> target connection, by id or exact name, for new environments'),
    'environment-name': schemas/* string */.YjP().min(1).optional(),
    'job-name': schemas/* string */.YjP().min(1).optional(),
    'custom-branch': schemas/* string */.YjP().min(1).optional(),
    'credentials-id': schemas/* int */.Whr().positive().optional(),
    connection: schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* int */.Whr().positive()]).optional(),
    'deployment-type': schemas/* enum */.k5n(['production', 'staging', 'general']).optional(),
    'dbt-version': schemas/* string */.YjP().min(1).optional(),
    'target-name': schemas/* string */.YjP().min(1).optional(),
    threads: schemas/* int */.Whr().positive().optional(),
    schedule: schemas/* enum */.k5n(['keep', 'source', 'paused']).optional(),
    adopt: schemas/* boolean */.zMY().optional(),
    track: schemas/* enum */.k5n(['marker', 'name']).optional(),
    removals: schemas/* enum */.k5n(['none', 'pause']).optional(),
    'max-changes': schemas/* int */.Whr().nonnegative().optional(),
    protect: schemas/* array */.YOg(selector).optional(),
    label: schemas/* string */.YjP().min(1).max(50).optional()
});

;// CONCATENATED MODULE: ./src/config/read-config.ts
// Reads the config file: YAML by a library that knows places, checked by the schema, all faults at once with file,
// line and column.





/** No promotion needs more; a larger file is a mistake or an attack. */
const mostBytes = 1_000_000;
/** How often anchors may be used: enough for any real file, too few to explode. */
const mostAliases = 100;
/** Keys that are inputs only, each with the reason. */
const redirecting = 'a pull request that changes this file must not be able to send a token elsewhere';
const running = 'it says how a run goes, and not what is promoted';
const inputsOnly = {
    token: redirecting,
    'source-token': redirecting,
    'target-token': redirecting,
    host: redirecting,
    'target-host': redirecting,
    'account-id': redirecting,
    'target-account-id': redirecting,
    secrets: redirecting,
    'github-token': redirecting,
    mode: running,
    config: running,
    'plan-file': running,
    'reviewed-plan': running,
    'expected-plan-hash': running,
    'rollback-from': running,
    comment: running,
    parallelism: running,
    'requests-per-minute': running,
    'deadline-minutes': running
};
/** Reads a config file. @param file its path, from the workspace */
async function readConfig(file) {
    const text = await textOf(file);
    return typeof text === 'string'
        ? parseConfig(file, text)
        : { located: undefined, problems: [text] };
}
async function textOf(file) {
    const remedy = 'Give the path of the config file from the root of the repository, and check it out before this step.';
    try {
        const { size } = await (0,promises_.stat)(file);
        if (size <= mostBytes)
            return await (0,promises_.readFile)(file, 'utf8');
        return (0,problem/* problem */.C)(`The config file ${file} has ${String(size)} bytes; ${String(mostBytes)} is the most.`, '');
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return (0,problem/* problem */.C)(`The config file could not be read: ${why}.`, remedy);
    }
}
/** Parses the text of a config file. */
function parseConfig(file, text) {
    const lines = new dist/* LineCounter */.HN();
    const document = (0,dist/* parseDocument */.Tp)(text, {
        lineCounter: lines,
        merge: true,
        prettyErrors: false,
        uniqueKeys: true
    });
    const place = (offset) => {
        const { line, col } = lines.linePos(offset);
        return `${file}:${String(line)}:${String(col)}`;
    };
    const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => (0,problem/* problem */.C)(`${place(pos[0])}: ${message.replace(/\.$/, '')}.`, ''));
    // A key that stands there twice leaves the rest readable; after other faults it is not what was written.
    if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY'))
        return { located: undefined, problems: faults };
    const at = (path) => place(offsetOf(document, path));
    const raw = plainOf(document);
    if ('error' in raw) {
        return { located: undefined, problems: [...faults, (0,problem/* problem */.C)(`${file}:1:1: ${raw.error}.`, '')] };
    }
    const parsed = configSchema.safeParse(raw.value ?? {});
    const issues = parsed.success
        ? []
        : parsed.error.issues.flatMap((issue) => issueProblems(issue, [], at));
    if (faults.length + issues.length > 0 || !parsed.success) {
        return { located: undefined, problems: [...faults, ...issues] };
    }
    const config = parsed.data;
    return { located: { config, at }, problems: [] };
}
function plainOf(document) {
    try {
        return { value: document.toJS({ maxAliasCount: mostAliases }) };
    }
    catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
    }
}
// The place of the key where there is one, which is where a reader looks first.
function offsetOf(document, path) {
    for (let length = path.length; length > 0; length--) {
        const parent = document.getIn(path.slice(0, length - 1), true);
        const key = path[length - 1];
        if ((0,dist/* isMap */.jh)(parent)) {
            const pair = parent.items.find((item) => (0,dist/* isPair */.tO)(item) && (0,dist/* isScalar */.jn)(item.key) && String(item.key.value) === String(key));
            const offset = (0,dist/* isScalar */.jn)(pair?.key) ? pair.key.range?.[0] : undefined;
            if (offset !== undefined)
                return offset;
        }
        const node = document.getIn(path.slice(0, length), true);
        if ((0,dist/* isNode */.Ll)(node) && node.range)
            return node.range[0];
    }
    return (0,dist/* isNode */.Ll)(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}
function issueProblems(issue, above, at) {
    const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
    if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => unknownKey(key, path, at));
    if (issue.code === 'invalid_union') {
        // The branch that got furthest is the one that was meant.
        const depth = (issues) => Math.max(0, ...issues.map((each) => each.path.length + (each.code === 'unrecognized_keys' ? 1 : 0)));
        const meant = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
        if (depth(meant) > 0)
            return meant.flatMap((each) => issueProblems(each, path, at));
    }
    const name = path.length === 0 ? 'the file' : path.join('.');
    const message = issue.message === 'Invalid input' ? 'missing, or of the wrong type' : issue.message;
    return [(0,problem/* problem */.C)(`${at(path)}: ${name}: ${message}.`, '')];
}
function unknownKey(key, path, at) {
    const where = at([...path, key]);
    const reason = path.length === 0 ? inputsOnly[key] : undefined;
    if (reason !== undefined) {
        return (0,problem/* problem */.C)(`${where}: ${key} is an input of the workflow and not a key of this file: ${reason}.`, '');
    }
    return (0,problem/* problem */.C)(`${where}: there is no key ${key}${path.length === 0 ? '' : ` in ${path.join('.')}`}.`, (0,near/* nearest */.p)(key, knownKeys(path)));
}
const environmentKeys = ['from', 'to', 'set', 'keep'];
const jobRuleKeys = ['match', 'name', 'set', 'keep'];
function knownKeys(path) {
    switch (path[0]) {
        case undefined:
            return Object.keys(configSchema.shape);
        case 'environments':
            return environmentKeys;
        case 'jobs':
            return path.length === 1 ? ['select', 'rules'] : jobRuleKeys;
        case 'references':
            return path.length === 1 ? ['jobs', 'environments', 'unresolved'] : ['job', 'project'];
        default:
            return ['project'];
    }
}


/***/ })

};
