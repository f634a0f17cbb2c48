export const id = 737;
export const ids = [737];
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

/***/ 7737:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseSecrets: () => (/* binding */ parseSecrets)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/* harmony import */ var _kinds_variable_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3715);
/* harmony import */ var _nesting_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4831);
/* harmony import */ var _model_names_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1601);
/* harmony import */ var _model_remark_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7309);
// Reads the input `secrets`: a map from names of variables to values, in YAML or JSON. Nothing of it may show, so what is
// wrong is told by line alone, and what YAML would silently take for something else than a value is refused.





const remedy = 'Write one line for each: DBT_ENV_SECRET_NAME: ${{ toJSON(secrets.NAME) }}. ' +
    'toJSON puts the value in quotes, whatever is in it.';
/** Parses the input. */
function parseSecrets(text) {
    const problems = [];
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    if ((0,_nesting_js__WEBPACK_IMPORTED_MODULE_2__/* .tooDeepAt */ .U)(text) !== undefined) {
        const message = 'The input secrets, line 1: this is neither YAML nor JSON.';
        return { values: new Map(), texts: [text], problems: [(0,_model_remark_js__WEBPACK_IMPORTED_MODULE_3__/* .problem */ .CC)(message, remedy)] };
    }
    // Without a schema a value is the text that it is: 0123 and true are no number and no truth.
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, {
        schema: 'failsafe',
        lineCounter: lines,
        prettyErrors: false,
        uniqueKeys: false
    });
    const wrong = (offset, fault, how = remedy) => {
        const { line } = lines.linePos(offset);
        problems.push((0,_model_remark_js__WEBPACK_IMPORTED_MODULE_3__/* .problem */ .CC)(`The input secrets, line ${line}: ${fault}.`, how));
    };
    for (const { pos } of [...document.errors, ...document.warnings])
        wrong(pos[0], 'this is neither YAML nor JSON');
    const texts = [...textsIn(document), ...(problems.length > 0 ? [text] : [])];
    if (problems.length > 0)
        return { values: new Map(), texts, problems };
    if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(document.contents)) {
        wrong(0, 'this is no map from names to values');
        return { values: new Map(), texts: [...texts, text], problems };
    }
    // The place of a comment is not told; that there is one, is.
    if (hasComment(document.contents) || document.commentBefore || document.comment) {
        problems.push((0,_model_remark_js__WEBPACK_IMPORTED_MODULE_3__/* .problem */ .CC)('The input secrets has a comment, which may be the end of a secret that is not in quotes.', remedy));
    }
    const read = reader(text, wrong);
    const values = new Map();
    for (const pair of document.contents.items) {
        const name = read.key(pair);
        if (name === undefined)
            continue;
        if (!/^DBT_[A-Z0-9_]+$/.test(name)) {
            wrong(offsetOf(pair.key), 'this is no name of a variable, which begins with DBT_ and has upper case letters, digits and _ only', 'Name the variables one by one: do not hand over toJSON(secrets) as a whole.');
            continue;
        }
        if (values.has(name))
            wrong(offsetOf(pair.key), `${name} stands here twice`);
        const value = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(pair.value)
            ? read.places(pair.value, name, document.contents.flow === true)
            : read.value(pair, name);
        if (value !== undefined)
            values.set(name, value);
    }
    return { values, texts, problems };
}
function textsIn(document) {
    const texts = [];
    (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(document, {
        Scalar: (role, { value }) => {
            if (role !== 'key' && typeof value === 'string' && value !== '')
                texts.push(value);
        }
    });
    return texts;
}
/** What is wrong with the value of a variable, as the end of a sentence. @param secret the text that it is, if it is one */
function faultOf(secret, held, text) {
    if (held === null || secret === '')
        return empty;
    if (secret === undefined)
        return 'is no text';
    if (isPlain(held) && ['null', '~'].includes(secret))
        return empty;
    if (isFolded(held, text))
        return 'has line breaks, of which YAML makes blanks';
    return (0,_kinds_variable_js__WEBPACK_IMPORTED_MODULE_1__/* .isMask */ .$b)(secret) ? 'is a mask, and no secret' : undefined;
}
/** Reads keys and values of the map, and of those within it. */
function reader(text, wrong) {
    const textOf = (node) => {
        if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) || (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isAlias */ .Vj)(node) || node.anchor !== undefined || node.tag !== undefined)
            return undefined;
        return typeof node.value === 'string' ? node.value : '';
    };
    const key = ({ key: node }) => {
        const name = textOf(node);
        const isName = name !== undefined && name.trim() !== '';
        if (!isName)
            wrong(offsetOf(node), 'this is no name');
        return isName ? name : undefined;
    };
    const value = ({ key: node, value: held }, name) => {
        const secret = textOf(held);
        const fault = faultOf(secret, held, text);
        if (fault === undefined)
            return secret;
        wrong(offsetOf(node), `the value of ${name} ${fault}`);
        return undefined;
    };
    const places = (map, name, isJson) => {
        const at = offsetOf(map);
        // A secret that is a JSON object would else pass for one with values for single places.
        if (map.flow === true && !isJson) {
            wrong(at, `the value of ${name} is a JSON object that is not in quotes`);
            return undefined;
        }
        if (map.anchor !== undefined || map.tag !== undefined) {
            wrong(at, `the value of ${name} is no text`);
            return undefined;
        }
        if (map.items.length === 0)
            wrong(at, `the value of ${name} ${empty}`);
        const all = new Map();
        const seen = new Set();
        for (const pair of map.items) {
            const place = (0,_model_names_js__WEBPACK_IMPORTED_MODULE_4__/* .nameKey */ .Rc)(key(pair) ?? '');
            if (place === '')
                continue;
            // Which one is not told: it may be a part of a secret.
            if (seen.has(place))
                wrong(offsetOf(pair.key), `${name} has two values for one place`);
            seen.add(place);
            const secret = value(pair, name);
            if (secret !== undefined)
                all.set(place, secret);
        }
        return all;
    };
    return { key, value, places };
}
const empty = 'is empty: a secret of GitHub that is not set, or not passed on, arrives empty';
function isPlain(node) {
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) && node.type === 'PLAIN';
}
// Only a block keeps its line breaks.
function isFolded(node, text) {
    if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) || node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
        return false;
    const [from = 0, to = 0] = node.range ?? [];
    return /[\r\n]/.test(text.slice(from, to));
}
function offsetOf(node) {
    const range = node?.range;
    return range?.[0] ?? 0;
}
function hasComment(node) {
    if (node === null || typeof node !== 'object')
        return false;
    const { comment, commentBefore } = node;
    if (typeof comment === 'string' || typeof commentBefore === 'string')
        return true;
    return ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(node) && node.items.some(({ key, value }) => hasComment(key) || hasComment(value)));
}


/***/ })

};
