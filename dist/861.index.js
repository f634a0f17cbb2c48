export const id = 861;
export const ids = [861];
export const modules = {

/***/ 4831:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ tooDeepAt)
/* harmony export */ });
// Text that is nested so deeply that a parser would run out of stack, which may end the process in place of throwing: V8
// gives up where it compiles a regular expression with the last of it (`RegExpCompiler Allocation failed`).
/** Far more than any file needs, and far fewer than the parser can take. */
const mostLevels = 200;
/**
 * Where a text is nested too deeply for YAML or JSON. Brackets in quotes count too: there is nothing to parse them by.
 * Levels by indentation need a text that grows with their square, so of those there can't be too many.
 * @returns the offset; undefined where it is not
 */
function tooDeepAt(text) {
    let depth = 0;
    for (let offset = 0; offset < text.length; offset++) {
        const char = text[offset];
        if (char === '[' || char === '{')
            depth++;
        else if ((char === ']' || char === '}') && depth > 0)
            depth--;
        if (depth > mostLevels)
            return offset;
    }
    return compactLists.exec(text)?.index;
}
// `- - - x` is a list in a list in a list, and `? ` begins a key that may be one.
const compactLists = new RegExp(`(?:[-?][ \\t]+){${mostLevels}}`);


/***/ }),

/***/ 3861:
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
// EXTERNAL MODULE: ./src/inputs/input-table.ts
var input_table = __webpack_require__(5620);
// EXTERNAL MODULE: ./src/model/near.ts + 1 modules
var near = __webpack_require__(688);
// EXTERNAL MODULE: ./src/model/remark.ts
var remark = __webpack_require__(7309);
// EXTERNAL MODULE: ./src/github/workspace.ts
var workspace = __webpack_require__(2442);
// EXTERNAL MODULE: ./src/inputs/nesting.ts
var nesting = __webpack_require__(4831);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 17 modules
var schemas = __webpack_require__(8816);
// EXTERNAL MODULE: ./src/model/paths.ts
var paths = __webpack_require__(1933);
;// CONCATENATED MODULE: ./src/inputs/schema.ts
// The shape of the config file, from which its JSON Schema is made too. What values mean together is checked when the
// spec is made.



const selector = schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* int */.Whr().positive()])
    .describe('An id, a name, or a name with * and ?');
const nameOrId = schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* int */.Whr().positive()]);
const json = schemas/* json */.Pq9();
const set = schemas/* record */.g1P(schemas/* string */.YjP(), json)
    .describe('Values to fix, by field: dotted (settings.threads) or nested. See docs/what-is-promoted.md');
const keep = schemas/* array */.YOg(schemas/* string */.YjP().min(1))
    .describe('Fields, or parts of them, that are left to the target once the object is there');
const value = schemas/* string */.YjP().min(1);
/** An entry of `environments` with rules. */
const environmentEntry = schemas/* strictObject */.rej({
    from: selector.describe('The environment of the source: an id, a name, or a name with * and ?'),
    to: schemas/* string */.YjP()
        .min(1)
        .optional()
        .describe('Its name in the target; {1} is what the first wildcard matched. Or id:7, the environment that it is there'),
    set: set.optional(),
    keep: keep.optional()
});
/** A rule for jobs. */
const jobRule = schemas/* strictObject */.rej({
    match: selector.describe('The jobs that the rule is for'),
    environment: selector
        .optional()
        .describe('Only those of these environments of the source: an id, a name, or a name with * and ?'),
    type: schemas/* enum */.k5n(paths/* jobTypes */.LV).optional().describe('Only those of this type in the source'),
    name: schemas/* string */.YjP()
        .min(1)
        .optional()
        .describe('Their name in the target; {name}, {environment}, {1} ... Or id:7, the job to take over'),
    set: set.optional(),
    keep: keep.optional()
});
const project = schemas/* strictObject */.rej({
    project: nameOrId.describe('Project, by id or exact name')
});
function shapeOf(form) {
    switch (form.is) {
        case 'text':
            return form.most === undefined ? schemas/* string */.YjP().min(1) : schemas/* string */.YjP().min(1).max(form.most);
        case 'name or id':
            return nameOrId;
        case 'id':
            return schemas/* int */.Whr().positive();
        case 'count':
            return schemas/* int */.Whr().nonnegative();
        case 'truth':
            return schemas/* boolean */.zMY();
        case 'selectors':
            return schemas/* array */.YOg(selector);
        case 'word':
            return schemas/* enum */.k5n(form.words);
        case 'words':
            return schemas/* array */.YOg(schemas/* enum */.k5n(form.words));
    }
}
// The type of each follows from its form, as PlainConfig says it.
const plain = Object.fromEntries(Object.entries(input_table/* fileInputs */.wQ).map(([name, { form }]) => {
    const shape = shapeOf(form).optional();
    return [name, 'about' in form && form.about ? shape.describe(form.about) : shape];
}));
/** The config file. */
const configSchema = schemas/* strictObject */.rej({
    source: project.optional(),
    target: project.optional(),
    environments: schemas/* array */.YOg(schemas/* union */.KCZ([selector, environmentEntry]))
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
    variables: schemas/* strictObject */.rej({
        update: schemas/* array */.YOg(schemas/* string */.YjP().min(1))
            .optional()
            .describe('The variables whose values in the target follow the source: names, with * and ?'),
        set: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* union */.KCZ([value, schemas/* record */.g1P(schemas/* string */.YjP(), value)]))
            .optional()
            .describe('Variable -> its value in the target: for everywhere, or by place (project, an environment, environment/job)')
    })
        .optional()
        .describe('What becomes of variables that the target has; it keeps their values otherwise'),
    connections: schemas/* record */.g1P(schemas/* string */.YjP(), nameOrId)
        .optional()
        .describe('Source connection -> target connection, by id or exact name, for new environments'),
    ...plain
});

;// CONCATENATED MODULE: ./src/inputs/read-config.ts
// Reads the config file: YAML by a library that knows places, checked by the schema, all faults at once with file,
// line and column.








/** Enough for thousands of rules; a larger file is a mistake or an attack. */
const mostBytes = 250_000;
/** How often anchors may be used: enough for any real file, too few to explode. */
const mostAliases = 100;
/** How many faults are told: nobody reads more, and a file of nothing else has one for each of its lines. */
const mostFaults = 100;
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
        const path = await (0,workspace/* readablePath */.q)(file);
        const found = await (0,promises_.stat)(path);
        if (found.size <= mostBytes)
            return await (0,promises_.readFile)(path, 'utf8');
        return (0,remark/* problem */.CC)(`The config file ${file} has ${found.size} bytes; ${mostBytes} is the most.`, 'Split the promotion into several, each with a file and a label of its own.');
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return (0,remark/* problem */.CC)(`The config file could not be read: ${why}.`, remedy);
    }
}
/** Parses the text of a config file. */
function parseConfig(file, text) {
    const deep = (0,nesting/* tooDeepAt */.U)(text);
    if (deep !== undefined) {
        const before = text.slice(0, deep).split('\n');
        const at = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
        return { located: undefined, problems: [(0,remark/* problem */.CC)('this is nested too deeply.', '', at)] };
    }
    const lines = new dist/* LineCounter */.HN();
    const document = (0,dist/* parseDocument */.Tp)(text, {
        lineCounter: lines,
        merge: true,
        prettyErrors: false,
        // The library compares every key with every other.
        uniqueKeys: false
    });
    const place = (offset) => {
        const { line, col } = lines.linePos(offset);
        return { file, line, column: col };
    };
    const failed = (faults) => ({
        located: undefined,
        problems: [
            ...faults
                .toSorted((a, b) => a.offset - b.offset)
                .slice(0, mostFaults)
                .map(({ offset, message, remedy }) => (0,remark/* problem */.CC)(`${message.replace(/\.$/, '')}.`, remedy ?? '', place(offset))),
            ...(faults.length > mostFaults
                ? [(0,remark/* problem */.CC)(`${file} has more faults than these ${mostFaults}.`, '')]
                : [])
        ]
    });
    // After a fault of syntax, the rest is not what was written.
    const broken = syntaxFaults(document);
    if (broken.length > 0)
        return failed(broken);
    const faults = [...keyFaults(document), ...aliasFaults(document)];
    const raw = plainOf(document);
    if ('error' in raw)
        return failed(faults.length > 0 ? faults : [{ offset: 0, message: raw.error }]);
    const parsed = configSchema.safeParse(raw.value ?? {});
    if (!parsed.success)
        faults.push(...parsed.error.issues
            .flatMap((issue) => issueFaults(issue, [], raw.value))
            .slice(0, mostFaults + 1)
            .map(({ path, ...fault }) => ({ ...fault, offset: offsetOf(document, path) })));
    if (faults.length > 0 || !parsed.success)
        return failed(faults);
    const config = parsed.data;
    return { located: { config, at: (path) => place(offsetOf(document, path)) }, problems: [] };
}
const quotes = 'A text that begins with one of * ! & { [ # or holds ": " stands in quotes, as in "!scratch *".';
function syntaxFaults({ errors, warnings }) {
    return [...errors, ...warnings].map(({ code, message, pos }) => {
        if (code === 'MULTIPLE_DOCS')
            return { offset: pos[0], message: 'the file holds several documents, and one is meant' };
        return {
            offset: pos[0],
            message,
            remedy: code === 'TAB_AS_INDENT' ? 'Indent with blanks.' : quotes
        };
    });
}
// Keys that stand twice, and the one that no object of JavaScript holds as what it is.
function keyFaults(document) {
    const faults = [];
    (0,dist/* visit */.YR)(document, {
        Map(_key, map) {
            const seen = new Set();
            for (const { key } of map.items) {
                if (!(0,dist/* isScalar */.jn)(key))
                    continue;
                const name = String(key.value);
                const offset = key.range?.[0] ?? 0;
                if (name === '__proto__')
                    faults.push({ offset, message: `there is no key ${name}` });
                else if (seen.has(name) && name !== '<<') {
                    faults.push({ offset, message: `the key ${name} stands here for the second time` });
                }
                seen.add(name);
            }
        }
    });
    return faults;
}
// An alias of nothing is mostly a wildcard without quotes.
function aliasFaults(document) {
    const anchors = new Set();
    const faults = [];
    (0,dist/* visit */.YR)(document, {
        Node(_key, node) {
            if (node.anchor !== undefined)
                anchors.add(node.anchor);
        },
        Alias(_key, { source, range }) {
            if (anchors.has(source))
                return;
            faults.push({
                offset: range?.[0] ?? 0,
                message: `*${source} stands for an anchor, and there is none before it`,
                remedy: quotes
            });
        }
    });
    return faults;
}
function plainOf(document) {
    try {
        return { value: document.toJS({ maxAliasCount: mostAliases }) };
    }
    catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
    }
}
// The place of the key where there is one, which is where a reader looks first; else that of what is around it.
function offsetOf(document, path) {
    let node = document.contents;
    let offset = (0,dist/* isNode */.Ll)(node) ? (node.range?.[0] ?? 0) : 0;
    for (const step of path) {
        const within = (0,dist/* isAlias */.Vj)(node) ? node.resolve(document) : node;
        if ((0,dist/* isMap */.jh)(within)) {
            const pair = within.items.find(({ key }) => (0,dist/* isScalar */.jn)(key) && String(key.value) === String(step));
            if ((0,dist/* isScalar */.jn)(pair?.key))
                offset = pair.key.range?.[0] ?? offset;
            node = pair?.value;
        }
        else {
            node = (0,dist/* isSeq */.oP)(within) ? within.items[Number(step)] : undefined;
            if ((0,dist/* isNode */.Ll)(node))
                offset = node.range?.[0] ?? offset;
        }
    }
    return offset;
}
function issueFaults(issue, above, whole) {
    const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
    if (issue.code === 'unrecognized_keys')
        return issue.keys.slice(0, mostFaults + 1).map((key) => unknownKey(key, path));
    if (issue.code === 'invalid_union') {
        // The branch that got furthest is the one that was meant.
        const depth = (issues) => Math.max(0, ...issues.map((each) => each.path.length + (each.code === 'unrecognized_keys' ? 1 : 0)));
        const meant = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
        if (depth(meant) > 0)
            return meant.flatMap((each) => issueFaults(each, path, whole));
    }
    const name = path.length === 0 ? 'the file' : path.join('.');
    if (valueAt(whole, path) === undefined)
        return [{ path, message: `${name} is missing` }];
    const expected = issue.code === 'invalid_type' ? issue.expected : undefined;
    const fault = issue.message === 'Invalid input'
        ? 'of the wrong type'
        : issue.message.replace(/^Invalid input: /, '');
    return [
        {
            path,
            message: `${name}: ${fault}`,
            remedy: issue.code === 'invalid_value'
                ? (0,near/* didYouMean */.a)(String(valueAt(whole, path)), issue.values.map(String))
                : howToWrite[expected ?? '']
        }
    ];
}
function valueAt(whole, path) {
    return path.reduce((value, key) => typeof value === 'object' && value !== null
        ? value[key]
        : undefined, whole);
}
const howToWrite = {
    string: 'Put it in quotes: YAML reads this as something else than a text.',
    boolean: 'Write true or false, without quotes.',
    number: 'Write a number, without quotes.',
    array: 'Write a list: one line for each item, each with a dash before it.'
};
function unknownKey(key, path) {
    const where = [...path, key];
    const [side] = path;
    const isOfSide = path.length === 1 && (side === 'source' || side === 'target');
    const reason = path.length === 0 || isOfSide ? (0,input_table/* whyNotInFile */.b2)(key) : undefined;
    if (reason !== undefined) {
        return {
            path: where,
            message: `${key} is an input of the workflow and not a key of this file: ${reason}`,
            remedy: `Give it under "with" in the workflow${isOfSide && side === 'target' && !key.startsWith('target-') ? `, as target-${key}` : ''}.`
        };
    }
    return {
        path: where,
        message: `there is no key ${key}${path.length === 0 ? '' : ` in ${path.join('.')}`}`,
        remedy: (0,near/* nearest */.p)(key, knownKeys(path))
    };
}
function knownKeys(path) {
    switch (path[0]) {
        case undefined:
            return Object.keys(configSchema.shape);
        case 'environments':
            return Object.keys(environmentEntry.shape);
        case 'jobs':
            return path.length === 1 ? ['select', 'rules'] : Object.keys(jobRule.shape);
        case 'variables':
            return ['update', 'set'];
        case 'references':
            return path.length === 1 ? ['jobs', 'environments', 'unresolved'] : ['job', 'project'];
        default:
            return ['project'];
    }
}


/***/ })

};
