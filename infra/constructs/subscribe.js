// Resolves a subscription: the function of the context says whether the caller may listen, and in `endedBy` what would
// end that. AppSync keeps it with the subscription, as the filter that a later invalidation (disconnect.js) is held
// against.
import { extensions, util } from '@aws-appsync/utils';

export function request(ctx) {
  const { args, identity, source, request, prev, info, stash } = ctx;
  return { operation: 'Invoke', payload: { arguments: args, identity, source, request, prev, info, stash } };
}

export function response(ctx) {
  if (ctx.error) {
    const requestId = ctx.request.headers['x-amzn-requestid'];
    util.error('Something went wrong on our side.', 'InternalError', null, { requestId });
  }
  const answer = ctx.result;
  if (answer.__milepost_error) {
    util.error(answer.error.message, answer.error.code, null, answer.error.details);
  }
  // One group that matches is enough; in a group all filters have to.
  extensions.setSubscriptionInvalidationFilter({
    filterGroup: answer.endedBy.map((group) => ({
      filters: Object.keys(group).map((name) => ({ fieldName: name, operator: 'eq', value: group[name] })),
    })),
  });
  return null;
}
