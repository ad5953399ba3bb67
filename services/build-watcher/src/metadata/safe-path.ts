import { z } from 'zod';

/** A path below the repository's URL: metadata may not send us anywhere else. */
export const SafePath = z
  .string()
  .max(500)
  .refine((path) => !/^[a-z][a-z0-9+.-]*:|^\/|\\|\p{Cc}/iu.test(path), {
    error: 'is not a path within the repository',
  })
  .refine((path) => !path.split('/').some((part) => /^(?:\.|%2e){2}$/i.test(part)), {
    error: 'leads out of the repository',
  });
