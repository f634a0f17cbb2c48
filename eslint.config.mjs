// See: https://eslint.org/docs/latest/use/configure/configuration-files
import js from '@eslint/js'
import jest from 'eslint-plugin-jest'
import tseslint from 'typescript-eslint'

// The folders of `src/` are floors: each imports from those below it alone, so that no circle can grow.
const floors = [
  'model',
  'kinds',
  'promotion',
  'rollback',
  'report',
  'dbt',
  'apply',
  'github',
  'inputs'
]

// The middle is pure: it may compute, and nothing else. What it needs from the world is passed in.
const pureFloors = ['model', 'kinds', 'promotion', 'rollback', 'report']

const fromOutside = {
  regex: '^(?!\\.{1,2}/|node:crypto$|leven$)',
  message: 'The pure middle imports nothing from outside.'
}

const fromSandbox = { regex: '/sandbox/', message: 'The action does not know the sandbox.' }

const ofFloors = floors.map((floor, index) => {
  const above = [...floors.slice(index + 1), '[^/]+\\.ts$']
  const patterns = [
    fromSandbox,
    {
      regex: `^\\.\\./(${above.join('|')})`,
      message: `${floor} does not know what stands above it.`
    },
    ...(pureFloors.includes(floor) ? [fromOutside] : [])
  ]
  return {
    files: [`src/${floor}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns }] }
  }
})

const pure = {
  'no-restricted-globals': [
    'error',
    'process',
    'fetch',
    'console',
    'setTimeout',
    'setInterval',
    'performance'
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random' },
    { object: 'Date', property: 'now' }
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date']", message: 'No clock in the pure middle.' }
  ]
}

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'tmp/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-misused-spread': [
        'error',
        { allow: [{ from: 'lib', name: 'string' }, 'string'] }
      ],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } }
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['warn', { max: 40, skipComments: true }],
      'no-nested-ternary': 'warn'
    }
  },
  { files: pureFloors.map((floor) => `src/${floor}/**/*.ts`), rules: pure },
  {
    files: ['src/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [fromSandbox] }] }
  },
  ...ofFloors,
  {
    files: ['sandbox/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '/src/', message: 'The sandbox shares no code with the action.' }] }
      ]
    }
  },
  {
    files: ['testing/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/__tests__/', message: 'What is used elsewhere stands in testing/.' }
          ]
        }
      ]
    }
  },
  {
    files: ['__tests__/**/*.ts'],
    ...jest.configs['flat/recommended'],
    rules: {
      ...jest.configs['flat/recommended'].rules,
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  }
)
