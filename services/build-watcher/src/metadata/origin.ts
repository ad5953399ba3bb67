import { BuildOrigin } from '@gantry/contracts';

/** Longer descriptions are cut: what is looked for stands in lines of its own, at the end by custom, at most a few of them. */
export const MAX_DESCRIPTION = 8_192;

/** Lines like those at the end of a commit message, written into the description by the job that built the RPM. */
const TRAILERS = {
  job: /^\s*(?:build-url|jenkins-build)\s*:\s*(\S.*?)\s*$/im,
  commit: /^\s*(?:git-)?commit\s*:\s*(\S.*?)\s*$/im,
  author: /^\s*author\s*:\s*(\S.*?)\s*$/im,
} as const;

/** What of a package's headers may say where it comes from. */
interface Headers {
  readonly description: string;
  readonly packager: string;
}

/** Where a build comes from, as far as its headers say: each part only when it is what it claims to be. */
export function originOf({ description, packager }: Headers): BuildOrigin | undefined {
  const told = {
    job: TRAILERS.job.exec(description)?.[1],
    commit: TRAILERS.commit.exec(description)?.[1],
    author: TRAILERS.author.exec(description)?.[1] ?? (packager.trim() || undefined),
  };
  const { shape } = BuildOrigin;
  const origin = Object.fromEntries(
    Object.entries(told).filter(
      ([key, value]) =>
        value !== undefined && shape[key as keyof typeof shape].safeParse(value).success,
    ),
  );
  return Object.keys(origin).length === 0 ? undefined : BuildOrigin.parse(origin);
}
