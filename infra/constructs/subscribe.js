// Resolves onGoalProgress: the goals function says whether the caller may listen and whose goal it is. AppSync keeps that
// with the subscription, as the filter that a later invalidation (disconnect.js) is held against.
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
  const { goalId, ownerId, listenerId } = answer;
  // One group that matches is enough; in a group all filters have to.
  extensions.setSubscriptionInvalidationFilter({
    filterGroup: [
      { filters: [{ fieldName: 'departedId', operator: 'eq', value: ownerId }] },
      { filters: [{ fieldName: 'departedId', operator: 'eq', value: listenerId }] },
      {
        filters: [
          { fieldName: 'goalId', operator: 'eq', value: goalId },
          { fieldName: 'listenerId', operator: 'eq', value: listenerId },
        ],
      },
    ],
  });
  return null;
}
