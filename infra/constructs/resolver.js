// Resolves every field of the schema: hands the field to its context's function and raises what the function refuses.
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const { args, identity, source, request, prev, info, stash } = ctx;
  return { operation: 'Invoke', payload: { arguments: args, identity, source, request, prev, info, stash } };
}

export function response(ctx) {
  // What broke inside a function is in its log; its words are not for callers.
  if (ctx.error) {
    const requestId = ctx.request.headers['x-amzn-requestid'];
    util.error('Something went wrong on our side.', 'InternalError', null, { requestId });
  }
  const answer = ctx.result;
  if (answer && answer.__milepost_error) {
    util.error(answer.error.message, answer.error.code, null, answer.error.details);
  }
  return answer;
}
