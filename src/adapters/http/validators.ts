/**
 * What requests are checked by. A schema is compiled when it is first asked: a start waits for none of a hundred, of which few are
 * needed soon. Two servers of one process have them in common.
 */
import AjvCompiler from '@fastify/ajv-compiler'

type Build = AjvCompiler.BuildCompilerFromPool
type Compile = ReturnType<Build>
type Validate = ReturnType<Compile>
/** As much of one as Fastify uses: it looks there for what was wrong. */
type Judge = ((data: unknown) => unknown) & Pick<Validate, 'errors'>

const build = AjvCompiler()

const lazily =
  (compile: Compile): Compile =>
  (schema) => {
    let compiled: Validate | undefined
    const judge: Judge = (data) => {
      compiled ??= compile(schema)
      const verdict = compiled(data)
      judge.errors = compiled.errors ?? null
      return verdict
    }
    return judge as Validate
  }

/** Of Fastify's `schemaController`. */
export const buildValidator: Build = (schemas, options) => lazily(build(schemas, options))
