/** With these one chooses what code a program runs, or what the verifier tells it. */
const REFUSED =
  /^(?:PATH|HOME|TMPDIR|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|NODE_\w+|LD_\w+|DYLD_\w+|GCONV_PATH|PYTHON\w*|PERL\w*|RUBY\w*|GEM_\w+|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|GIT_\w+|SELENIUM_\w+|GANTRY_\w+|SE_\w+)$/;

/** Variables that a gate's spec may not set. */
export function refusedVariables(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(env).filter((name) => REFUSED.test(name.toUpperCase()));
}
